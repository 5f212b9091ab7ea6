-- Groups of a title
-- Which groups have this id or title?
--
-- parameters = { group = "" }
SELECT DISTINCT chat_id FROM chats WHERE $group IN (chat_id, subject)
ORDER BY chat_id
