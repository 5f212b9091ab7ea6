-- Ties between countries
-- Which pairs of countries are tied by persons, groups and files?
SELECT * FROM country_ties
ORDER BY rank_by_persons + rank_by_groups + rank_by_contents, a, b
