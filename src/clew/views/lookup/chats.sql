-- A conversation
-- Is this the id of a conversation of any source?
--
-- parameters = { id = "" }
SELECT DISTINCT chat_id FROM chats WHERE chat_id = $id
ORDER BY chat_id
