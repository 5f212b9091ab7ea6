-- Accounts of a person
-- Which accounts has the person with this id, account or number?
--
-- parameters = { who = "" }
WITH meant AS (
  SELECT p.person_id FROM persons AS p
  LEFT JOIN person_accounts AS a ON a.person_id = p.person_id
  WHERE $who IN (p.person_id, a.account_id, p.e164)
)
SELECT DISTINCT m.person_id, a.account_id
FROM meant AS m LEFT JOIN person_accounts AS a ON a.person_id = m.person_id
ORDER BY person_id, account_id
