-- Contents that settle what is near them: known by their bytes, or judged by an analyst.
SELECT sha256 FROM matches WHERE kind = 'known' AND tier = 'exact' AND sha256 IS NOT NULL
UNION
SELECT sha256 FROM categories_that_count
ORDER BY sha256
