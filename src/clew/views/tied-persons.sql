-- Persons with several accounts
-- Whose accounts were tied together, and how weak is the weakest link?
SELECT person_id, accounts, inferred, weakest_bits, weakest_error, weakest_a, weakest_b,
       country, names, is_owner_of
FROM persons WHERE accounts > 1
ORDER BY inferred = 0, weakest_bits, person_id
