-- Countries
-- How many persons, devices, groups and files belong to each country?
SELECT * FROM countries
ORDER BY persons DESC, country
