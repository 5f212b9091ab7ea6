-- When each group began, as far as it is known.
SELECT chat_id, epoch_us(min("at")) AS founded_us
FROM (
  SELECT chat_id, created_at AS "at" FROM chats WHERE created_at IS NOT NULL
  UNION ALL SELECT chat_id, joined_at FROM memberships WHERE joined_at IS NOT NULL
  UNION ALL SELECT chat_id, sent_at FROM messages WHERE sent_at IS NOT NULL
)
WHERE chat_id IN (SELECT chat_id FROM chats WHERE chat_type <> 'one_to_one')
   OR chat_id IN (SELECT chat_id FROM memberships)
GROUP BY chat_id
ORDER BY founded_us, chat_id
