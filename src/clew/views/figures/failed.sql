-- Items failed
-- How many items failed to be taken in?
SELECT count(*) AS value FROM items WHERE outcome = 'failed'
