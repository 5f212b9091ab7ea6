-- Pictures of an exhibit that have a fingerprint, and that this model has not been shown.
SELECT DISTINCT ON (i.sha256) i.item_id, i.path, i.sha256, i.media_type, i.size
FROM items AS i
WHERE i.exhibit_id = $exhibit AND i.outcome = 'processed'
  AND i.sha256 IN (
    SELECT source_id FROM fingerprints WHERE exhibit_id = $exhibit AND algorithm = 'pdq')
  AND i.sha256 NOT IN (
    SELECT source_id FROM embeddings WHERE algorithm = $algorithm AND version = $version)
ORDER BY i.sha256, i.path, i.item_id
