-- Known files
-- How many different files match a known set exactly?
SELECT count(DISTINCT sha256) AS value FROM matches WHERE kind = 'known' AND tier = 'exact'
