-- Categories given by analysts
-- Which category did which analyst give to which file, and why?
--
-- of = ["file_categories"]
-- first = ["sha256", "scheme", "country", "code", "counts", "judged_by", "number", "undoes"]
SELECT * FROM file_categories
ORDER BY number
