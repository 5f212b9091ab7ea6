-- Messages of groups by month
-- How many messages and known files was each group sent in each month?
--
-- parameters = { groups = [""] }
-- [columns]
-- chat_id = "Id[Chat]"
-- month = "int"
-- messages = "int"
-- known = "int"
WITH dated AS (
  SELECT chat_id, sent_at, 1 AS message, 0 AS known FROM group_posts WHERE kind <> 'system'
  UNION ALL
  SELECT chat_id, sent_at, 0, 1 FROM known_sendings
)
SELECT chat_id, CAST(year(sent_at) * 12 + month(sent_at) - 1 AS INTEGER) AS month,
       CAST(sum(message) AS BIGINT) AS messages, CAST(sum(known) AS BIGINT) AS known
FROM dated WHERE sent_at IS NOT NULL AND list_contains($groups, chat_id)
GROUP BY chat_id, year(sent_at) * 12 + month(sent_at) - 1
ORDER BY chat_id, month
