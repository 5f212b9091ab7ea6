-- One row per attachment of a message of a group, whichever devices kept it.
SELECT e.merged_id, e.chat_id, s.ordinal, min(s.sha256) AS sha256,
       max(CASE WHEN k.sha256 IS NOT NULL THEN 1 ELSE 0 END) AS is_known
FROM shares AS s
JOIN merged_copies AS e ON e.event_id = s.event_id
JOIN (SELECT DISTINCT group_id FROM group_ids) AS g ON g.group_id = e.chat_id
LEFT JOIN known_contents AS k ON k.sha256 = s.sha256
GROUP BY e.merged_id, e.chat_id, s.ordinal
