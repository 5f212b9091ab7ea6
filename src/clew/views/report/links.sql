-- Other accounts
-- Which accounts may be one person's, and in how many cases would that be wrong?
--
-- parameters = { persons = [""] }
-- [columns]
-- a = "Id[Person]"
-- b = "Id[Person]"
SELECT a.person_id AS a, b.person_id AS b, l.state, l.bits, l.error, l.evidence, l.account_a,
       l.account_b
FROM person_links AS l
JOIN person_accounts AS a ON a.account_id = l.account_a
JOIN person_accounts AS b ON b.account_id = l.account_b
WHERE l.state = 'offered' AND l.error <= 0.5
  AND (list_contains($persons, a.person_id) OR list_contains($persons, b.person_id))
ORDER BY error, account_a, account_b
