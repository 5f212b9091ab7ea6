-- Persons by inference
-- How many persons are joined by inference?
SELECT count(*) AS value FROM persons WHERE inferred > 0
