-- Pictures and videos of an exhibit that are to be decoded: one item for each content.
WITH ready AS (
  SELECT * FROM staged
  UNION ALL
  SELECT e.* FROM elsewhere AS e
  WHERE NOT EXISTS (  -- a video that was fingerprinted there with other frames
    SELECT 1 FROM media_files AS m
    WHERE m.exhibit_id = e.exhibit_id AND m.source_id = e.source_id
      AND m.exhibit_id IN (SELECT unnest($other_frames)) AND starts_with(m.media_type, 'video/'))
)
SELECT item_id, path, sha256, media_type, size
FROM (
  SELECT DISTINCT ON (sha256) sha256, item_id, path, media_type, size
  FROM items
  WHERE exhibit_id = $exhibit AND sha256 IS NOT NULL AND outcome = 'processed'
    AND media_type IN (SELECT unnest($kinds)) AND size > 0
    AND (size <= $most OR starts_with(media_type, 'video/'))
  ORDER BY sha256, path, item_id
) AS i
WHERE sha256 NOT IN (SELECT source_id FROM ready)
ORDER BY sha256
