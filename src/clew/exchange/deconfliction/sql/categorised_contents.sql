-- Each content that an analyst gave a category that counts
SELECT DISTINCT sha256 FROM categories_that_count ORDER BY sha256
