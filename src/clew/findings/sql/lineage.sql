-- Pairs of groups that share at least three persons, the one that began first as a
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
)
SELECT a.chat_id AS chat_a, b.chat_id AS chat_b, a.begins AS begins_a, b.begins AS begins_b,
       a.ends AS ends_a, b.ends AS ends_b, a.subject AS subject_a, b.subject AS subject_b,
       a.platform AS platform_a, b.platform AS platform_b, l.shared_members,
       CASE WHEN a.chat_id = l.chat_a THEN l.members_a ELSE l.members_b END AS members_a,
       CASE WHEN a.chat_id = l.chat_a THEN l.members_b ELSE l.members_a END AS members_b,
       l.containment, e.persons AS everybody
FROM group_links AS l
JOIN life AS a ON a.chat_id IN (l.chat_a, l.chat_b)
JOIN life AS b ON b.chat_id IN (l.chat_a, l.chat_b) AND b.chat_id <> a.chat_id
CROSS JOIN everybody AS e
WHERE l.shared_members >= 3 AND a.begins IS NOT NULL AND b.begins IS NOT NULL
  AND (a.begins < b.begins OR (a.begins = b.begins AND a.chat_id < b.chat_id))
ORDER BY chat_a, chat_b
