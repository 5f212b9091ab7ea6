-- Contents that settle what is near them: known by their bytes, or judged by an analyst.
SELECT sha256 FROM matches WHERE kind = 'known' AND tier = 'exact' AND sha256 IS NOT NULL
UNION
SELECT sha256 FROM file_categories
QUALIFY code IS NOT NULL
    AND row_number() OVER (PARTITION BY sha256 ORDER BY number DESC) = 1
ORDER BY sha256
