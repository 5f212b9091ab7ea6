-- Items failed
-- How many items failed to be taken in, or broke their reader?
WITH broken AS (SELECT DISTINCT item_id FROM unread WHERE severity = 'error')
SELECT count(*) AS value FROM items AS i LEFT JOIN broken AS b ON b.item_id = i.item_id
WHERE i.outcome = 'failed' OR (i.outcome = 'processed' AND b.item_id IS NOT NULL)
