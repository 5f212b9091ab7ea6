-- Packages sent
-- Which packages has this case made, for whom, and what was done with each?
--
-- of = ["package_entries"]
-- first = ["package", "step", "partners", "named", "counted", "rows", "judged_at"]
SELECT package, step, partners, named, counted, tokens, texts, rows, handling, tlp, legal_basis,
       purpose, keep_until, number, judged_by, judged_at
FROM package_entries
ORDER BY package, number
