-- Exact matches with known sets
-- How many times does a file or record match a known set exactly?
SELECT count(*) AS value FROM matches WHERE kind = 'known' AND tier = 'exact'
