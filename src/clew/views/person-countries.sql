-- Countries of persons
-- To which country does each person belong, on what basis, and what contradicts it?
SELECT c.*, p.is_owner_of
FROM person_countries AS c JOIN persons AS p ON p.person_id = c.person_id
ORDER BY NOT conflict, len(is_owner_of) DESC, number_only, confidence DESC, person_id
