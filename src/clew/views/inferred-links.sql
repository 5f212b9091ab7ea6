-- Links that are taken
-- Which accounts are tied by inference, and how strongly?
SELECT * FROM person_links WHERE state = 'taken'
ORDER BY bits, account_a, account_b
