-- Messages without a time in UTC
-- How many messages have no time in UTC, and stand in no database that has one?
SELECT count(*) AS value
FROM merged_messages AS m LEFT JOIN exported_copies AS x ON x.event_id = m.merged_id
WHERE m.sent_at IS NULL AND x.event_id IS NULL
