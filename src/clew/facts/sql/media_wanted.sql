-- Pictures and videos of an exhibit that are to be decoded: one item for each content.
-- Tables in memory: known_media_files.
SELECT item_id, path, sha256, media_type, size
FROM (
  SELECT DISTINCT ON (sha256) sha256, item_id, path, media_type, size
  FROM items
  WHERE exhibit_id = $exhibit AND sha256 IS NOT NULL AND outcome = 'processed'
    AND media_type IN (SELECT unnest($kinds)) AND size > 0
    AND (size <= $most OR starts_with(media_type, 'video/'))
  ORDER BY sha256, path, item_id
) AS i
WHERE sha256 NOT IN (SELECT source_id FROM known_media_files)
ORDER BY sha256
