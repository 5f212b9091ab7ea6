-- One row per message of a group, merged from all its copies, with the person who sent it.
SELECT s.merged_id, s.chat_id, s.person_id, s.sent_at, s.kind
FROM sender AS s
JOIN (SELECT DISTINCT group_id FROM group_ids) AS g ON g.group_id = s.chat_id
LEFT JOIN exported_copies AS x ON x.event_id = s.merged_id
WHERE x.event_id IS NULL
