-- An account with the person it is taken for and what names it
SELECT a.account_id, min(p.person_id) AS person_id, min(a.e164) AS e164,
       sorted_set(n.name) AS names, sorted_set(a.exhibit_id) AS exhibits
FROM accounts AS a
LEFT JOIN person_accounts AS p ON p.account_id = a.account_id
LEFT JOIN account_names AS n ON n.account_id = a.account_id
WHERE a.account_id = $account
GROUP BY a.account_id
