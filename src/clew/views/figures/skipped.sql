-- Items skipped
-- How many items were recorded and not taken in?
SELECT count(*) AS value FROM items WHERE outcome = 'skipped'
