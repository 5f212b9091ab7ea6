-- Pairs of groups that share at least three persons, the one that began first as a: with how many were
-- in a during its last week, in b during its first, and in both.
WITH joined AS (
  SELECT chat_id, min(joined_at) AS joined_at FROM group_members GROUP BY chat_id
),
everybody AS (SELECT count(DISTINCT person_id) AS persons FROM group_members),
life AS (
  SELECT g.chat_id, g.subject, g.platform,
         least(coalesce(g.created_at, g.first_at), coalesce(g.first_at, g.created_at),
               coalesce(j.joined_at, g.first_at, g.created_at)) AS begins,
         coalesce(g.last_at, g.created_at) AS ends
  FROM groups AS g LEFT JOIN joined AS j ON j.chat_id = g.chat_id
),
at_end AS (
  SELECT m.chat_id, m.person_id FROM group_members AS m JOIN life AS l ON l.chat_id = m.chat_id
  WHERE m.ended_at IS NULL OR m.ended_at > l.ends - INTERVAL 7 DAY
),
at_start AS (
  SELECT m.chat_id, m.person_id FROM group_members AS m JOIN life AS l ON l.chat_id = m.chat_id
  WHERE m.joined_at IS NULL OR m.joined_at < l.begins + INTERVAL 7 DAY
),
ends_with AS (SELECT chat_id, count(*) AS persons FROM at_end GROUP BY chat_id),
starts_with AS (SELECT chat_id, count(*) AS persons FROM at_start GROUP BY chat_id),
handed AS (
  SELECT e.chat_id AS chat_a, s.chat_id AS chat_b, count(*) AS persons
  FROM at_end AS e JOIN at_start AS s ON s.person_id = e.person_id AND s.chat_id <> e.chat_id
  GROUP BY e.chat_id, s.chat_id
)
SELECT a.chat_id AS chat_a, b.chat_id AS chat_b, a.begins AS begins_a, b.begins AS begins_b,
       a.ends AS ends_a, b.ends AS ends_b, a.subject AS subject_a, b.subject AS subject_b,
       a.platform AS platform_a, b.platform AS platform_b, l.shared_members,
       CASE WHEN a.chat_id = l.chat_a THEN l.members_a ELSE l.members_b END AS members_a,
       CASE WHEN a.chat_id = l.chat_a THEN l.members_b ELSE l.members_a END AS members_b,
       l.containment, e.persons AS everybody, coalesce(w.persons, 0) AS at_end,
       coalesce(s.persons, 0) AS at_start, coalesce(h.persons, 0) AS handed_over
FROM group_links AS l
JOIN life AS a ON a.chat_id IN (l.chat_a, l.chat_b)
JOIN life AS b ON b.chat_id IN (l.chat_a, l.chat_b) AND b.chat_id <> a.chat_id
CROSS JOIN everybody AS e
LEFT JOIN ends_with AS w ON w.chat_id = a.chat_id
LEFT JOIN starts_with AS s ON s.chat_id = b.chat_id
LEFT JOIN handed AS h ON h.chat_a = a.chat_id AND h.chat_b = b.chat_id
WHERE l.shared_members >= 3 AND a.begins IS NOT NULL AND b.begins IS NOT NULL
  AND (a.begins < b.begins OR (a.begins = b.begins AND a.chat_id < b.chat_id))
ORDER BY chat_a, chat_b
