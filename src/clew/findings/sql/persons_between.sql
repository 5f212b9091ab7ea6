-- The hundred persons who are most between others.
SELECT person_id FROM person_measures WHERE betweenness > 0
ORDER BY betweenness DESC, person_id LIMIT 100
