-- Oddities
-- Which files are odd although they were processed, and how?
--
-- first = ["path", "code", "exhibit_id"]
SELECT f.exhibit_id, i.path, f.code, f.figures
FROM flags AS f JOIN items AS i ON i.item_id = f.item_id
ORDER BY exhibit_id, path, code, figures
