-- One row per file that a known set has by its bytes and message that sent it, once however many
-- devices and exports show it.
SELECT s.sha256, s.merged_id, s.event_id, s.chat_id, g.group_id IS NOT NULL AS in_group,
       s.person_id, s.country, s.sent_at, m.sent_local, s.forwarded = 1 AS forwarded, s.witnesses,
       coalesce(list_has_any(s.witnesses, p.is_owner_of), FALSE) AS own_device,
       coalesce(p.named_only, FALSE) AS named_only
FROM shared AS s
JOIN known_contents AS k ON k.sha256 = s.sha256
JOIN merged_messages AS m ON m.merged_id = s.merged_id
LEFT JOIN (SELECT DISTINCT group_id FROM group_ids) AS g ON g.group_id = s.chat_id
LEFT JOIN persons AS p ON p.person_id = s.person_id
