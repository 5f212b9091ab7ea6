-- Persons
-- How many persons are there, each with all their accounts?
SELECT count(*) AS value FROM persons
