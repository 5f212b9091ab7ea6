-- Members of each conversation that goes by their likeliest country; victims are counted nowhere
-- Tables in memory: person_standings, sent_chats.
SELECT s.chat_id, c.country, count(DISTINCT m.person_id) AS persons
FROM sent_chats AS s
JOIN group_ids AS i ON i.chat_id = s.chat_id
JOIN group_members AS m ON m.chat_id = i.group_id
JOIN person_standings AS p ON p.person_id = m.person_id AND p.standing <> 'victim'
LEFT JOIN person_countries AS c ON c.person_id = m.person_id
GROUP BY s.chat_id, c.country
ORDER BY s.chat_id, c.country
