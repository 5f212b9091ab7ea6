-- Contradictions about messages
-- About which messages do devices contradict each other, and what does each say?
--
-- of = ["message_conflicts"]
SELECT * FROM message_conflicts
ORDER BY chat_id, merged_id, kind, what, event_id, other_event_id
