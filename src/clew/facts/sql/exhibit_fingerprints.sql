-- Fingerprints of an exhibit's pictures and videos, from all that was fingerprinted anywhere.
-- Tables in memory: known_fingerprints.
SELECT DISTINCT $exhibit AS exhibit_id, source_id, locator, algorithm, value, turned,
       quality, width, height, frame, at_ms, decode_path, simple_graphic
FROM known_fingerprints
WHERE source_id IN (
  SELECT sha256 FROM items
  WHERE exhibit_id = $exhibit AND outcome = 'processed' AND media_type IN (SELECT unnest($kinds)))
ORDER BY source_id, algorithm, frame, locator
