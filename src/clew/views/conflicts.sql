-- Contradictions about messages
-- About which messages do devices contradict each other, and what does each say?
--
-- first = ["kind", "chat_id", "exhibit_id", "other_exhibit_id", "text", "other_text", "merged_id"]
-- of = ["message_conflicts"]
-- [columns]
-- deleted_by = "Id[Person]"
-- text = "FreeText"
-- other_text = "FreeText"
WITH texts AS (
  SELECT event_id, text FROM messages UNION ALL SELECT event_id, text FROM recovered_messages
)
SELECT c.*, one.text, other.text AS other_text
FROM message_conflicts AS c
LEFT JOIN texts AS one ON one.event_id = c.event_id
LEFT JOIN texts AS other ON other.event_id = c.other_event_id
ORDER BY chat_id, merged_id, kind, ordinal, event_id, other_event_id
