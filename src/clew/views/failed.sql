-- Skipped or failed
-- Which items were skipped or failed, and why?
--
-- first = ["path", "outcome", "code", "exhibit_id"]
-- of = ["items"]
-- [columns]
-- code = "ReasonCode"
SELECT exhibit_id, path, outcome, reason AS code, figures FROM items WHERE outcome <> 'processed'
ORDER BY outcome, exhibit_id, path, code
