-- Persons of the conversations that go who are counted and not named, by their likeliest country
-- Tables in memory: person_standings, sent_chats.
SELECT c.country, count(DISTINCT m.person_id) AS persons
FROM sent_chats AS s
JOIN group_ids AS i ON i.chat_id = s.chat_id
JOIN group_members AS m ON m.chat_id = i.group_id
JOIN person_standings AS p ON p.person_id = m.person_id
 AND p.standing NOT IN ('named', 'victim', 'bystander')
LEFT JOIN person_countries AS c ON c.person_id = m.person_id
GROUP BY c.country
ORDER BY c.country
