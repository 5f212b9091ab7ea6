-- Looks of videos, each turned in a way.
SELECT DISTINCT l.look, CASE WHEN $way = 0 THEN f.value ELSE f.turned[$way] END AS asked
FROM rated_fingerprints AS f JOIN video_looks AS l ON l.value = f.value
WHERE f.algorithm = 'vpdq' AND len(f.turned) >= $way
  AND (f.enough OR f.source_id IN (SELECT source_id FROM poor_videos))
ORDER BY l.look, asked
