-- Possible chats and returns without a reader
-- How many files look like chats, or like those of a known product, and no reader understands them?
SELECT count(DISTINCT item_id) AS value FROM unread
WHERE starts_with(code, 'looks_like_chat') OR code = 'no_reader:product'
