-- Who is named, with the country and the category that was judged
-- Tables in memory: named_persons.
SELECT p.person_id, p.e164, coalesce(r.country, c.country) AS country, r.rule
FROM persons AS p
JOIN named_persons AS n ON n.person_id = p.person_id
LEFT JOIN routes AS r ON r.person_id = p.person_id
LEFT JOIN person_countries AS c ON c.person_id = p.person_id
ORDER BY p.person_id
