-- Groups of a title
-- Which groups have this id or title?
--
-- parameters = { group = "" }
SELECT DISTINCT coalesce(t.chat_id, c.chat_id) AS chat_id
FROM chats AS c LEFT JOIN tied_exports AS t ON t.export_chat = c.chat_id
WHERE $group IN (c.chat_id, c.subject)
ORDER BY chat_id
