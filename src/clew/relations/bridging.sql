-- One row per person, two groups and their countries, with the contents that the person carried.
SELECT c.person_id, q.country, c.from_chat, c.to_chat, c.from_country, c.to_country, c.abroad,
       count(*) AS contents
FROM carried AS c LEFT JOIN persons AS q ON q.person_id = c.person_id
GROUP BY c.person_id, q.country, c.from_chat, c.to_chat, c.from_country, c.to_country, c.abroad
