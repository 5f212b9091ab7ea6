-- One row per device, account that was used on it and span of time in which the account was its
-- holder's: all of the holder's accounts, but for a person who holds several devices only those that
-- this device names as its own, with their hidden ids.
WITH hidden AS (
  SELECT a AS account_id, b AS other FROM account_aliases WHERE relation = 'lid_of'
  UNION SELECT b, a FROM account_aliases WHERE relation = 'lid_of'
),
used AS (
  SELECT h.exhibit_id, p.own_account_id AS account_id
  FROM holders AS h JOIN account_person AS p ON p.person_id = h.person_id WHERE h.devices = 1
  UNION SELECT exhibit_id, own_account_id FROM own_accounts
  UNION SELECT o.exhibit_id, h.other
  FROM own_accounts AS o JOIN hidden AS h ON h.account_id = o.account_id
)
SELECT u.exhibit_id, p.account_id, p.since, p.until
FROM used AS u JOIN account_person AS p ON p.own_account_id = u.account_id
