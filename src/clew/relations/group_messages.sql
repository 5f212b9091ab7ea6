-- One row per message of a group, or of a conversation of several, that has an id which devices share
-- and a time in UTC.
SELECT m.merged_id, m.chat_id, m.sent_at, m.witnesses, m.event_ids, m.sender_account_id
FROM merged_messages AS m
JOIN (SELECT DISTINCT chat_id FROM chats WHERE chat_type NOT IN ('one_to_one', 'status')) AS c
  ON c.chat_id = m.chat_id
WHERE m.message_key IS NOT NULL AND m.sent_at IS NOT NULL AND m.kind <> 'system'
