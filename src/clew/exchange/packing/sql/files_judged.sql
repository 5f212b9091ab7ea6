-- Categories that this case's own people gave the files that go
-- Tables in memory: sent_files.
SELECT j.* FROM file_categories AS j JOIN sent_files AS f ON f.sha256 = j.sha256
WHERE j.counts AND j.code IS NOT NULL
ORDER BY j.number
