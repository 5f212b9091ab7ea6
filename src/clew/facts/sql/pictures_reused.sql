-- Rows of an exhibit's pictures that count though videos were fingerprinted with other frames then.
-- Tables in memory: other_frames.
SELECT r.*
FROM other_frames AS r
WHERE r.source_id IN (
  SELECT sha256 FROM items
  WHERE exhibit_id = $exhibit AND outcome = 'processed' AND NOT starts_with(media_type, 'video/'))
ORDER BY r.source_id
