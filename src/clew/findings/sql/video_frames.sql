-- Frames of videos that tell something, in the order they are shown. A frame that a thousand videos
-- have is a title or a station's logo; it tells none from another, and counts neither way. A cover
-- has no time, and is no frame.
WITH told AS (
  SELECT DISTINCT source_id, value, at_ms FROM fingerprints
  WHERE algorithm = 'vpdq' AND quality >= 50 AND NOT simple_graphic AND at_ms IS NOT NULL
),
spread AS (SELECT value FROM told GROUP BY value HAVING count(DISTINCT source_id) < 1000)
SELECT source_id, value, at_ms FROM told WHERE value IN (SELECT value FROM spread)
ORDER BY source_id, at_ms, value
