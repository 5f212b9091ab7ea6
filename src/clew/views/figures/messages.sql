-- Messages
-- How many messages are there, each counted once?
SELECT count(*) AS value
FROM merged_messages AS m LEFT JOIN exported_copies AS x ON x.event_id = m.merged_id
WHERE x.event_id IS NULL
