-- Each account of some persons that a service knows by a number or name of its own
SELECT DISTINCT p.person_id, a.account_id, p.inferred
FROM person_accounts AS p
JOIN accounts AS a ON a.account_id = p.account_id
WHERE list_contains($persons, p.person_id)
  AND a.id_type NOT IN ('phone', 'label', 'owner', 'service')
ORDER BY p.person_id, a.account_id
