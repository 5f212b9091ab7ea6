-- What an exhibit's pictures and videos state of themselves, from all that was read anywhere.
-- Tables in memory: known_media_files.
SELECT DISTINCT $exhibit AS exhibit_id, source_id, locator, media_type, width, height,
       orientation, make, model, serial, software, taken_local, taken_at, offset_basis,
       quantisation_fingerprint, duration_ms, codec, frame_rate
FROM known_media_files
WHERE source_id IN (
  SELECT sha256 FROM items
  WHERE exhibit_id = $exhibit AND outcome = 'processed' AND media_type IN (SELECT unnest($kinds)))
ORDER BY source_id
