-- Places that an exhibit's pictures and videos state, from all that was read anywhere.
WITH seen AS (
  SELECT DISTINCT sha256 FROM items
  WHERE exhibit_id = $exhibit AND outcome = 'processed' AND media_type IN (SELECT unnest($kinds))
),
ready AS (
  SELECT * FROM staged
  UNION ALL
  SELECT e.* FROM elsewhere AS e
  WHERE NOT EXISTS (  -- a video that was fingerprinted there with other frames
    SELECT 1 FROM media_files AS m
    WHERE m.exhibit_id = e.exhibit_id AND m.source_id = e.source_id
      AND m.exhibit_id IN (SELECT unnest($other_frames)) AND starts_with(m.media_type, 'video/'))
)
SELECT DISTINCT $exhibit AS exhibit_id, source_id, locator, latitude, longitude,
       altitude_m, fixed_at, value_raw, basis
FROM ready
WHERE source_id IN (SELECT sha256 FROM seen)
ORDER BY source_id, locator, value_raw
