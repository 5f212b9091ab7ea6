-- Skipped or failed
-- Which items were skipped or failed, and why?
SELECT exhibit_id, path, outcome, reason FROM items WHERE outcome <> 'processed'
ORDER BY outcome, exhibit_id, path, reason
