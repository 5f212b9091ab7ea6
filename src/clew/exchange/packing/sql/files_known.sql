-- Sets that know the files that go
-- Tables in memory: sent_files.
SELECT DISTINCT f.sha256, m."set", m.version, m.tier, m.category
FROM sent_files AS f JOIN matches AS m ON m.sha256 = f.sha256 AND m.kind = 'known'
ORDER BY f.sha256, m."set", m.version, m.tier, m.category
