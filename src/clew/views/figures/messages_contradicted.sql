-- Contradicted messages
-- About how many messages do devices contradict each other?
SELECT count(DISTINCT merged_id) AS value FROM message_conflicts
