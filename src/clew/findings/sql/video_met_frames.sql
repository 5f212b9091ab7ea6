-- Of the same pairs: which fingerprints of the set are near a frame of which video, and whether one
-- of these frames tells films apart.
-- Tables in memory: near_looks.
SELECT n.known, f.source_id, n.way, bool_or(f.at_ms IS NOT NULL AND f.tells) AS telling
FROM near_looks AS n JOIN video_asked AS f ON f.look = n.look
GROUP BY n.known, f.source_id, n.way
ORDER BY n.known, f.source_id, n.way
