-- One row per device and account that was used on it: all of its holder's, but for a person who holds
-- several devices only those that this device names as its own, with their hidden ids.
WITH own AS (SELECT DISTINCT exhibit_id, account_id FROM accounts WHERE is_owner),
hidden AS (
  SELECT a AS account_id, b AS other FROM account_aliases WHERE relation = 'lid_of'
  UNION SELECT b, a FROM account_aliases WHERE relation = 'lid_of'
)
SELECT h.exhibit_id, p.account_id
FROM holders AS h JOIN person_accounts AS p ON p.person_id = h.person_id WHERE h.devices = 1
UNION SELECT exhibit_id, account_id FROM own
UNION SELECT o.exhibit_id, h.other FROM own AS o JOIN hidden AS h ON h.account_id = o.account_id
