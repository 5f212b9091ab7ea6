-- Title of each group.
SELECT chat_id, subject FROM groups ORDER BY chat_id
