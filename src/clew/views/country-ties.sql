-- Ties between countries
-- Which pairs of countries are tied by persons, groups and files?
SELECT * FROM country_ties
ORDER BY place_persons + place_groups + place_contents, a, b
