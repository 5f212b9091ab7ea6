-- Countries that seized
-- How many countries seized the exhibits?
SELECT count(DISTINCT country) AS value FROM exhibits
