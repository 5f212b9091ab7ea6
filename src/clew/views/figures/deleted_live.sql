-- Deleted messages that are live elsewhere
-- How many messages are deleted on one device and live on another?
SELECT count(DISTINCT merged_id) AS value FROM message_conflicts
WHERE kind IN ('deleted_for_everyone_live_there', 'deleted_here_live_there')
