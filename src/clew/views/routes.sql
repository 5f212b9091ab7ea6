-- Routes
-- Who is proposed to which country, by which rule, and where is it in doubt?
--
-- first = ["person_id", "state", "rule", "country", "confidence", "doubts"]
-- parameters = {state = "", goes_to = ""}
SELECT person_id, state, rule, country, confidence, doubts, other_countries, number_only, conflict,
       rules, known_shares
FROM routes
WHERE ($state = '' OR state = $state) AND ($goes_to = '' OR country = $goes_to)
ORDER BY state <> 'undecided', rule, country, person_id
