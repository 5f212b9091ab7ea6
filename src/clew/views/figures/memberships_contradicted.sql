-- Contradicted memberships
-- About how many memberships do devices contradict each other?
WITH contradicted AS (SELECT DISTINCT chat_id, person_id FROM membership_conflicts)
SELECT count(*) AS value FROM contradicted
