-- Known files by a record only
-- Of how many known files is there a record and no file?
WITH present AS (SELECT DISTINCT sha256 FROM matches WHERE file_present)
SELECT count(DISTINCT m.sha256) AS value
FROM matches AS m LEFT JOIN present AS p ON p.sha256 = m.sha256
WHERE m.kind = 'known' AND m.tier = 'exact' AND p.sha256 IS NULL
