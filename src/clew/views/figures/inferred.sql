-- Persons by inference
-- How many persons are held together by inference?
SELECT count(*) AS value FROM persons WHERE inferred > 0
