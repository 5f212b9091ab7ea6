-- Persons held together by inference
-- Whose accounts are tied by what they have in common only, and what speaks for and against it?
SELECT p.*, l.reason
FROM persons AS p
JOIN person_links AS l
  ON p.weakest_link IN (concat(l.account_a, ' ', l.account_b),
                        concat(l.account_b, ' ', l.account_a))
WHERE p.inferred > 0
ORDER BY weakest_bits, person_id
