-- Countries that seized the exhibits
SELECT DISTINCT country FROM exhibits ORDER BY country
