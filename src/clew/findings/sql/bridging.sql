-- Contents that each person carried from group to group, by countries
SELECT c.person_id, q.country, c.from_chat, c.to_chat, c.from_country, c.to_country, c.abroad,
       count(*) AS contents
FROM carried AS c LEFT JOIN persons AS q ON q.person_id = c.person_id
GROUP BY c.person_id, q.country, c.from_chat, c.to_chat, c.from_country, c.to_country, c.abroad
ORDER BY c.person_id, c.from_chat, c.to_chat, c.from_country, c.to_country, c.abroad
