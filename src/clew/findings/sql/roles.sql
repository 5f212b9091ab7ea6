-- One row per person who is in a group
WITH sums AS (
  SELECT person_id, min(country) AS country, count(*) AS groups,
         count(*) FILTER (WHERE role <> 'member') AS admin_of,
         CAST(sum(messages) AS BIGINT) AS messages, CAST(sum(shares) AS BIGINT) AS shares
  FROM group_members GROUP BY person_id
),
met AS (
  SELECT a.person_id, count(DISTINCT b.person_id) AS connected_to
  FROM group_members AS a
  JOIN group_members AS b ON b.chat_id = a.chat_id AND b.person_id <> a.person_id
  GROUP BY a.person_id
),
gave_known AS (
  SELECT n.person_id,
         count(DISTINCT e.merged_id || '#' || CAST(s.ordinal AS VARCHAR)) AS known_shares
  FROM shares AS s
  JOIN known_contents AS k ON k.sha256 = s.sha256
  JOIN merged_copies AS e ON e.event_id = s.event_id
  JOIN sender AS n ON n.merged_id = e.merged_id
  JOIN (SELECT DISTINCT chat_id FROM groups) AS g ON g.chat_id = e.chat_id
  GROUP BY n.person_id
),
firsts AS (
  SELECT person_id, count(*) AS first_shares FROM first_shares
  WHERE sent_at IS NOT NULL GROUP BY person_id
)
SELECT s.person_id, s.country, s.groups, s.admin_of, coalesce(m.connected_to, 0) AS connected_to,
       s.messages, s.shares, coalesce(k.known_shares, 0) AS known_shares,
       coalesce(f.first_shares, 0) AS first_shares,
       coalesce(p.is_owner_of, CAST([] AS VARCHAR[])) AS exhibits
FROM sums AS s
LEFT JOIN met AS m ON m.person_id = s.person_id
LEFT JOIN gave_known AS k ON k.person_id = s.person_id
LEFT JOIN firsts AS f ON f.person_id = s.person_id
LEFT JOIN persons AS p ON p.person_id = s.person_id
ORDER BY connected_to DESC, groups DESC, s.person_id
