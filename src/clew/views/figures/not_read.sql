-- Sources not read
-- How many sources could not be read?
SELECT count(DISTINCT item_id) AS value FROM unread WHERE severity = 'error'
