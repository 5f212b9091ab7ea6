-- Names without a person
-- Which names in text exports stand for nobody who is known?
SELECT person_id FROM persons WHERE named_only
ORDER BY person_id
