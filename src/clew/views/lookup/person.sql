-- A person
-- Who is the person of this account?
--
-- parameters = { id = "" }
-- [columns]
-- inferred = "int"
SELECT p.*
FROM persons AS p JOIN person_accounts AS a ON a.person_id = p.person_id
WHERE a.account_id = $id
ORDER BY person_id
