-- Frames of videos that tell something, in the order they are shown. A frame that a thousand videos
-- have is a title or a station's logo; it tells none from another, and counts neither way. A cover
-- has no time, and is no frame.
WITH frames AS (
  SELECT DISTINCT source_id, value, at_ms FROM rated_fingerprints
  WHERE algorithm = 'vpdq' AND enough AND NOT simple_graphic AND at_ms IS NOT NULL
),
spread AS (SELECT value FROM frames GROUP BY value HAVING count(DISTINCT source_id) < 1000)
SELECT source_id, value, at_ms FROM frames WHERE value IN (SELECT value FROM spread)
ORDER BY source_id, at_ms, value
