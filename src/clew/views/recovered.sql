-- Recovered messages
-- Which deleted messages were recovered, and which of them are live on other devices?
--
-- first = [
--   "sent_at", "sender_account_id", "chat_id", "kind", "text", "exhibit_id", "live_on_others",
--   "event_id"
-- ]
-- of = ["recovered_messages"]
-- [columns]
-- live_on_others = "int"
WITH live AS (SELECT DISTINCT message_key, exhibit_id FROM messages),
elsewhere AS (
  SELECT r.event_id, count(*) AS live_on_others
  FROM recovered_messages AS r
  JOIN live AS l ON l.message_key = r.message_key AND l.exhibit_id <> r.exhibit_id
  GROUP BY r.event_id
)
SELECT m.exhibit_id, m.locator, m.found_in, m.complete, m.chat_id, m.sender_account_id, m.sent_at,
       m.kind, m.text, s.sha256, coalesce(o.live_on_others, 0) AS live_on_others, m.event_id
FROM recovered_messages AS m
LEFT JOIN recovered_shares AS s ON s.event_id = m.event_id
LEFT JOIN elsewhere AS o ON o.event_id = m.event_id
ORDER BY exhibit_id, sent_at, locator, event_id, sha256
