-- Each person of each group, once.
SELECT chat_id, person_id FROM members ORDER BY chat_id, person_id
