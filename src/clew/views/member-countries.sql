-- Members by country of their number
-- How many persons and groups does each country have among members?
--
-- [columns]
-- persons = "int"
-- groups = "int"
SELECT coalesce(country, 'not known') AS country, count(DISTINCT person_id) AS persons,
       count(DISTINCT chat_id) AS groups
FROM group_members GROUP BY coalesce(country, 'not known')
ORDER BY persons DESC, country
