-- One row per different frame of videos that is compared, by number in the order of their values.
WITH looks AS (
  SELECT DISTINCT value FROM rated_fingerprints
  WHERE algorithm = 'vpdq' AND (enough OR source_id IN (SELECT source_id FROM poor_videos))
)
SELECT CAST(row_number() OVER (ORDER BY value) AS INTEGER) AS look, value FROM looks
