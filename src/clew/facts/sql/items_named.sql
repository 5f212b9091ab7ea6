-- Items by their ids.
SELECT * FROM items WHERE item_id IN (SELECT unnest($ids)) ORDER BY item_id
