-- Messages
-- Who wrote what to whom, and when?
-- Each message stands once, with the text of its first copy; several texts are a contradiction.
--
-- first = ["sent_at", "sent_local", "subject", "person_id", "event_id", "kind"]
-- times = ["sent_at", "sent_at"]
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
SELECT c.sent_at, c.sent_local, c.subject, c.person_id, c.kind, m."text", c.sha256, c.chat_id,
       c.exhibits, c.texts, c.event_id
FROM conversation AS c JOIN messages AS m ON m.event_id = c.event_id
ORDER BY sent_at, sent_local, event_id
