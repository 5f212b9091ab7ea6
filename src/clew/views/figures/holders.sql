-- Holders
-- How many persons are holders of a seized device?
SELECT count(DISTINCT person_id) AS value FROM holders
