-- Readers
-- Which readers read how many sources, and in which version?
--
-- [columns]
-- sources = "int"
SELECT reader, reader_version, count(*) AS sources FROM sources
GROUP BY reader, reader_version
ORDER BY reader, reader_version
