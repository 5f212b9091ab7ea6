-- Messages by group and month
-- How many messages were sent in the largest groups in each month?
--
-- parameters = { most = 40 }
-- [columns]
-- label = "GroupName"
-- name = "Id[Chat]"
-- month = "int"
WITH largest AS (
  SELECT chat_id, subject FROM groups WHERE messages > 0
  ORDER BY messages DESC, chat_id LIMIT $most
),
dated AS (
  SELECT chat_id, CAST(year(sent_at) * 12 + month(sent_at) - 1 AS INTEGER) AS month
  FROM merged_messages WHERE sent_at IS NOT NULL AND kind <> 'system'
),
counted AS (SELECT chat_id, month, count(*) AS messages FROM dated GROUP BY chat_id, month)
SELECT l.subject AS label, l.chat_id AS name, c.month, c.messages
FROM largest AS l JOIN counted AS c ON c.chat_id = l.chat_id
ORDER BY name, month
