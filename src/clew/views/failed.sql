-- Skipped or failed
-- Which items were skipped or failed when they were taken in, and why? What broke its reader later
-- counts as failed too, and stands in the list of what could not be read.
--
-- first = ["path", "outcome", "code", "exhibit_id"]
-- of = ["items"]
-- [columns]
-- code = "ReasonCode"
SELECT exhibit_id, path, outcome, reason AS code, figures FROM items WHERE outcome <> 'processed'
ORDER BY outcome, exhibit_id, path, code
