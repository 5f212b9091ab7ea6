-- Exhibits
-- How many exhibits were taken in?
SELECT count(*) AS value FROM exhibits
