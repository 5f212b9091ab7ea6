-- Frames of pictures that have several, in order.
WITH several AS (
  SELECT source_id FROM fingerprints WHERE algorithm = 'pdq'
  GROUP BY source_id HAVING count(DISTINCT value) > 1
)
SELECT source_id, value, min(turned) AS turned, max(quality) AS quality,
       bool_and(enough AND NOT simple_graphic) AS tells, max(width * height) AS pixels
FROM rated_fingerprints
WHERE algorithm = 'pdq' AND source_id IN (SELECT source_id FROM several)
GROUP BY source_id, value ORDER BY source_id, min(frame), value
