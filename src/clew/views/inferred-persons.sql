-- Persons joined by inference
-- Whose accounts are tied by what they have in common only, and what speaks for and against it?
SELECT p.*, l.evidence
FROM persons AS p
JOIN person_links AS l
  ON l.account_a = least(p.weakest_a, p.weakest_b)
  AND l.account_b = greatest(p.weakest_a, p.weakest_b)
WHERE p.inferred > 0
ORDER BY weakest_bits, person_id
