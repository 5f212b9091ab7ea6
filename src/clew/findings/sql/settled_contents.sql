-- Contents that settle what is near them: known by their bytes, or judged by an analyst.
SELECT sha256 FROM known_contents
UNION
SELECT sha256 FROM categories_that_count
ORDER BY sha256
