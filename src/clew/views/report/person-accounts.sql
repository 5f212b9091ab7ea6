-- Accounts of persons
-- Which kinds of account does each person have on which messenger, and what ties them?
--
-- parameters = { persons = [""] }
-- [columns]
-- platform = "Term"
-- id_type = "Term"
-- accounts = "int"
SELECT p.person_id, split_part(p.account_id, ':', 1) AS platform,
       coalesce(t.id_type, 'other') AS id_type, p.rule, count(*) AS accounts
FROM person_accounts AS p LEFT JOIN account_types AS t ON t.account_id = p.account_id
WHERE list_contains($persons, p.person_id)
GROUP BY p.person_id, split_part(p.account_id, ':', 1), coalesce(t.id_type, 'other'), p.rule
ORDER BY person_id, platform, id_type, rule
