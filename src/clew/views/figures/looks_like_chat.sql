-- Possible chats without a reader
-- How many files look like chats, and no reader reads them as such?
SELECT count(DISTINCT item_id) AS value FROM unread WHERE starts_with(code, 'looks_like_chat')
