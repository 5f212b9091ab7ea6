-- Messages
-- How many messages are there, each counted once?
SELECT count(*) AS value FROM merged_messages
