-- How many messages, and files among them, each account sent in each hour of the day (UTC)
SELECT m.account_id, m.hour, count(*) AS messages, count(s.event_key) AS files
FROM (
  SELECT DISTINCT sender_account_id AS account_id, coalesce(message_key, event_id) AS event_key,
         (epoch_us(sent_at) // 3600000000) % 24 AS hour
  FROM messages
  WHERE kind <> 'system' AND sender_account_id IS NOT NULL AND sent_at IS NOT NULL
) AS m
LEFT JOIN (SELECT DISTINCT coalesce(message_key, event_id) AS event_key FROM shares) AS s
  ON s.event_key = m.event_key
GROUP BY m.account_id, m.hour
ORDER BY m.account_id, m.hour
