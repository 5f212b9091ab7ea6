-- Persons whose devices are among the exhibits.
SELECT person_id, is_owner_of FROM persons WHERE len(is_owner_of) > 0 ORDER BY person_id
