-- When the holder of a device is known to have been in a group: by any roster or notice, by having
-- created it, or by a message of theirs that any device holds
WITH holders AS (SELECT person_id, unnest(is_owner_of) AS exhibit_id FROM persons),
known AS (
  SELECT p.person_id, m.chat_id, m.joined_at
  FROM memberships AS m JOIN person_accounts AS p ON p.account_id = m.account_id
  WHERE m.joined_at IS NOT NULL
  UNION ALL
  SELECT p.person_id, c.chat_id, c.created_at
  FROM chats AS c JOIN person_accounts AS p ON p.account_id = c.creator
  WHERE c.created_at IS NOT NULL
  UNION ALL
  SELECT person_id, chat_id, min(sent_at) FROM group_messages
  WHERE person_id IS NOT NULL GROUP BY person_id, chat_id
)
SELECT h.exhibit_id, k.chat_id, min(k.joined_at) AS joined_at
FROM holders AS h JOIN known AS k ON k.person_id = h.person_id
GROUP BY h.exhibit_id, k.chat_id
