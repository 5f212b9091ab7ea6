-- One row per conversation that has a subject, with one of the subjects it had.
SELECT chat_id, min(subject) AS subject FROM chats WHERE subject IS NOT NULL GROUP BY chat_id
