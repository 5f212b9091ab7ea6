-- Links of a person that are not taken
-- Which other accounts may be this person's?
--
-- of = ["person_links"]
-- parameters = { id = "" }
SELECT l.*
FROM person_links AS l JOIN person_accounts AS a ON a.account_id IN (l.account_a, l.account_b)
WHERE a.person_id = $id AND l.state NOT IN ('taken', 'unlikely')
ORDER BY bits DESC, account_a, account_b
