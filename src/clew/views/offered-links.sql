-- Links that are offered
-- Which accounts may be one person's, for an analyst to judge?
SELECT * FROM person_links WHERE state = 'offered'
ORDER BY bits DESC, account_a, account_b
