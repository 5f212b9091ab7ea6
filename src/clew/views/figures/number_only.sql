-- Countries by a number alone
-- Of how many persons does the country rest on the number alone?
SELECT count(*) AS value
FROM person_countries AS c JOIN persons AS p ON p.person_id = c.person_id
WHERE c.number_only AND NOT p.named_only
