-- Accounts of the person whom an identifier of the person or of an account names.
SELECT DISTINCT a.account_id
FROM person_accounts AS a
JOIN person_accounts AS n ON n.person_id = a.person_id
WHERE n.account_id = $id OR n.person_id = $id
ORDER BY a.account_id
