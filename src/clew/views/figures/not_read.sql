-- Sources not read
-- How many sources could not be read?
SELECT count(*) AS value FROM unread WHERE severity = 'error'
