-- Figures of each conversation that goes, by the name that its source has for it; victims are in none
-- Tables in memory: person_standings, sent_chats.
WITH victims AS (
  SELECT m.chat_id, count(DISTINCT m.person_id) AS persons
  FROM group_members AS m
  JOIN person_standings AS p ON p.person_id = m.person_id AND p.standing = 'victim'
  GROUP BY m.chat_id
)
SELECT s.chat_id, g.platform, g.chat_type, g.members - coalesce(v.persons, 0) AS members, g.shares,
       g.known_shares
FROM sent_chats AS s
JOIN group_ids AS i ON i.chat_id = s.chat_id
JOIN groups AS g ON g.chat_id = i.group_id
LEFT JOIN victims AS v ON v.chat_id = i.group_id
ORDER BY s.chat_id
