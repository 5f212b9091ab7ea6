-- Judgements of persons
-- What was judged of persons, by whom, when and why?
--
-- first = ["number", "decision", "accounts", "counts", "judged_by"]
SELECT * FROM person_judgements
ORDER BY number
