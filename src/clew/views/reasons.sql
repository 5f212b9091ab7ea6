-- What was skipped, failed or not read
-- How many items were skipped, failed, not read or odd, by exhibit and reason?
--
-- [columns]
-- outcome = "Term"
-- reason = "ReasonCode"
-- items = "int"
SELECT exhibit_id, outcome, reason, count(*) AS items, min(path) AS path
FROM items WHERE outcome <> 'processed'
GROUP BY exhibit_id, outcome, reason
UNION ALL
SELECT exhibit_id, concat('unread (', severity, ')'), code, count(*), min(path)
FROM unread
GROUP BY exhibit_id, severity, code
UNION ALL
SELECT f.exhibit_id, 'flag', f.code, count(*), min(i.path)
FROM flags AS f JOIN items AS i ON i.item_id = f.item_id
GROUP BY f.exhibit_id, f.code
ORDER BY exhibit_id, outcome, reason
