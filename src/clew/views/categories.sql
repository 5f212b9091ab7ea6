-- Categories given by analysts
-- Which category did which analyst give to which file, and why?
--
-- of = ["file_categories"]
SELECT * FROM file_categories
ORDER BY number
