-- Links that were judged
-- Which links did an analyst accept or reject?
SELECT * FROM person_links WHERE judgement IS NOT NULL OR state = 'barred'
ORDER BY account_a, account_b
