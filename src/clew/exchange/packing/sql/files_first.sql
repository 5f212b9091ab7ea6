-- The earliest known share of each file that goes
-- Tables in memory: sent_files.
SELECT f.sha256, s.event_id, s.certainty
FROM sent_files AS f JOIN first_shares AS s ON s.sha256 = f.sha256
ORDER BY f.sha256
