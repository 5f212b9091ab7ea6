-- Countries of persons
-- To how many countries do the persons belong?
SELECT count(DISTINCT c.country) AS value
FROM person_countries AS c JOIN persons AS p ON p.person_id = c.person_id
WHERE NOT p.named_only
