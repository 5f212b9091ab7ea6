-- Persons
-- How many persons are there, each with all their accounts, without mere names of exports?
SELECT count(*) AS value FROM persons WHERE NOT named_only
