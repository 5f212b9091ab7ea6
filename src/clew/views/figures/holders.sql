-- Holders
-- How many persons held a seized device?
SELECT count(DISTINCT person_id) AS value FROM holders
