-- Messages found
-- Which messages are these, given the events of any of their copies?
--
-- first = ["sent_at", "sent_local", "subject", "person_id", "event_id", "kind"]
-- times = ["sent_at", "sent_at"]
-- parameters = { events = [] }
-- [columns]
-- subject = "GroupName"
-- person_id = "Id[Person]"
-- text = "FreeText"
-- kind = "Term"
-- sha256 = "Hash"
-- exhibits = "tuple[Id[Exhibit], ...]"
-- event_id = "Id[Message]"
-- chat_id = "Id[Chat]"
-- sent_at = "datetime"
-- sent_local = "LocalTime"
-- texts = "int"
WITH meant AS (
  SELECT DISTINCT merged_id FROM merged_copies WHERE event_id IN (SELECT unnest($events))
)
SELECT c.sent_at, c.sent_local, c.subject, c.person_id, c.kind, m."text", c.sha256, c.chat_id,
       c.exhibits, c.texts, c.event_id
FROM conversation AS c JOIN meant AS w ON w.merged_id = c.merged_id
JOIN messages AS m ON m.event_id = c.event_id
ORDER BY sent_at, sent_local, event_id
