-- Amounts of the demo
-- How much is there of what the first page of the report does not count?
--
-- [columns]
-- name = "Term"
-- n = "int"
SELECT 'calls' AS name, count(*) AS n FROM calls
UNION ALL SELECT 'reactions', count(*) FROM reactions
UNION ALL SELECT 'receipts', count(*) FROM receipts
UNION ALL SELECT 'entries', count(*) FROM entries
UNION ALL SELECT 'inferred_links', count(*) FROM person_links
ORDER BY name
