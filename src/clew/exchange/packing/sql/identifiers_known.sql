-- One row per account and thing that names it: identifiers, numbers and names
SELECT account_id, names, is_text FROM (
  SELECT account_id, identifier AS names, id_type IN ('label', 'username', 'email') AS is_text
  FROM accounts
  UNION SELECT account_id, e164, FALSE FROM accounts WHERE e164 IS NOT NULL
  UNION SELECT account_id, name, TRUE FROM account_names
  UNION SELECT coalesce(account_id, exhibit_id || ' ' || locator), unnest(phones), FALSE FROM contacts
  UNION SELECT coalesce(account_id, exhibit_id || ' ' || locator),
               unnest([display_name, given_name, family_name, nickname]), TRUE
  FROM contacts
  UNION SELECT account_id, account_id, FALSE FROM person_accounts
  UNION SELECT sender_account_id, sender_account_id, FALSE FROM messages
  WHERE sender_account_id IS NOT NULL
  UNION SELECT account_id, account_id, FALSE FROM memberships
  UNION SELECT actor, actor, FALSE FROM group_events WHERE actor IS NOT NULL
  UNION SELECT creator, creator, FALSE FROM chats WHERE creator IS NOT NULL
) AS known WHERE names IS NOT NULL
ORDER BY account_id, names, is_text
