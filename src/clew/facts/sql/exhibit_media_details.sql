-- Properties that an exhibit's pictures and videos state, from all that was read anywhere.
-- Tables in memory: known_media_details.
SELECT DISTINCT $exhibit AS exhibit_id, source_id, locator, property, value, value_raw, basis
FROM known_media_details
WHERE source_id IN (
  SELECT sha256 FROM items
  WHERE exhibit_id = $exhibit AND outcome = 'processed' AND media_type IN (SELECT unnest($kinds)))
ORDER BY source_id, locator, property, value_raw
