-- The route of one person, with the category that was judged
SELECT r.*, c.category, c.judgement
FROM routes AS r LEFT JOIN person_category AS c ON c.person_id = r.person_id
WHERE r.person_id = $person
