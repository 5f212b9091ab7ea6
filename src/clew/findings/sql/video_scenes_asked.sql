-- Looks of scenes (video_scenes) that are looked for in others, each turned in a way.
WITH looks AS (
  SELECT value, min(CASE WHEN $way = 0 THEN value ELSE turned[$way] END) AS asked
  FROM fingerprints WHERE algorithm = 'vpdq' AND len(turned) >= $way GROUP BY value
)
SELECT s.row, l.asked FROM video_scenes AS s JOIN looks AS l ON l.value = s.value
WHERE s.asked ORDER BY s.row
