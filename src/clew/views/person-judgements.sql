-- Judgements of persons
-- What was judged of persons, by whom, when and why?
SELECT * FROM person_judgements
ORDER BY number
