-- One row per device and group, with when the device's holder is known to have been in the group by
-- an account used on the device: by any roster or notice, by having created it, or by a message of
-- theirs that any device keeps.
WITH known AS (
  SELECT account_id, chat_id, joined_at FROM memberships WHERE joined_at IS NOT NULL
  UNION ALL
  SELECT creator, chat_id, created_at FROM chats
  WHERE created_at IS NOT NULL AND creator IS NOT NULL
  UNION ALL
  SELECT sender_account_id, chat_id, sent_at FROM group_messages
)
SELECT h.exhibit_id, k.chat_id, min(k.joined_at) AS joined_at
FROM holder_accounts AS h
JOIN known AS k ON k.account_id = h.account_id AND k.joined_at BETWEEN h.since AND h.until
GROUP BY h.exhibit_id, k.chat_id
