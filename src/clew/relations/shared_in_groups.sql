-- One row per content and message that shared it in a group, with the cluster of the content.
SELECT coalesce(t.cluster_id, s.sha256) AS cluster_id, s.chat_id, s.person_id, s.sent_at,
       s.event_id, s.merged_id, s.forwarded
FROM shared AS s
JOIN (SELECT DISTINCT chat_id FROM groups) AS g ON g.chat_id = s.chat_id
LEFT JOIN content_cluster AS t ON t.sha256 = s.sha256
WHERE s.person_id IS NOT NULL
