-- Frames of videos that tell something: each value of a video once. A frame that a thousand videos
-- have is a title or a station's logo; it tells none from another, and counts neither way.
WITH told AS (
  SELECT source_id, value, min(at_ms) AS at_ms FROM fingerprints
  WHERE algorithm = 'vpdq' AND quality >= 50 AND NOT simple_graphic
  GROUP BY source_id, value
),
spread AS (SELECT value FROM told GROUP BY value HAVING count(*) < 1000)
SELECT source_id, value, at_ms FROM told WHERE value IN (SELECT value FROM spread)
ORDER BY value, source_id
