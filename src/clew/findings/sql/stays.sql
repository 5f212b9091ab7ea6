-- Each person in each group from when to when: as far as is known, else as long as the group lived
WITH said AS (
  SELECT chat_id, person_id, min(sent_at) AS first_at, max(sent_at) AS last_at
  FROM sender WHERE sent_at IS NOT NULL GROUP BY chat_id, person_id
),
lives AS (
  SELECT g.chat_id, least(g.created_at, g.first_at, min(m.joined_at)) AS first_at,
         greatest(g.last_at, max(m.ended_at), max(m.joined_at)) AS last_at
  FROM groups AS g JOIN group_members AS m ON m.chat_id = g.chat_id
  GROUP BY g.chat_id, g.created_at, g.first_at, g.last_at
)
SELECT m.person_id, m.chat_id, m.country,
       least(coalesce(m.joined_at, s.first_at, l.first_at), coalesce(s.first_at, m.joined_at))
         AS since,
       CASE WHEN m.state = 'current' THEN l.last_at
            ELSE greatest(coalesce(m.ended_at, s.last_at, l.last_at), s.last_at) END AS until
FROM group_members AS m
JOIN lives AS l ON l.chat_id = m.chat_id
LEFT JOIN said AS s ON s.chat_id = m.chat_id AND s.person_id = m.person_id
ORDER BY m.person_id, m.chat_id
