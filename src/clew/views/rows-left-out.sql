-- Rows left out
-- Which rows of sources were left out, and why?
--
-- [columns]
-- reason = "ReasonCode"
SELECT r.exhibit_id, i.path, r.source_table, r.became, r.reason, r.rows
FROM source_rows AS r
JOIN sources AS s ON s.exhibit_id = r.exhibit_id AND s.source_id = r.source_id
JOIN items AS i ON i.item_id = s.item_id
WHERE r.became IN ('skipped', 'not_read')
ORDER BY exhibit_id, path, source_table, reason, became, rows
