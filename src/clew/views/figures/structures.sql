-- Structures without a reader
-- How many files have a structure that no reader understands?
SELECT count(DISTINCT item_id) AS value FROM unread
WHERE starts_with(code, 'looks_like_chat') OR starts_with(code, 'no_reader')
