-- Every person with what becomes of them if nobody decides
SELECT person_id, state FROM routes ORDER BY person_id
