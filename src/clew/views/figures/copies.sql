-- Copies of messages
-- How many copies of messages do the devices hold together?
SELECT count(*) AS value FROM messages
