-- Sources read
-- How many files did a reader read?
SELECT count(*) AS value FROM sources
