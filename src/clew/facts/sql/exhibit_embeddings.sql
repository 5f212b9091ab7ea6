-- Embeddings of an exhibit's pictures by one model, which saw them here or under another exhibit.
-- Tables in memory: staged_embeddings.
WITH known AS (
  SELECT * FROM staged_embeddings
  UNION ALL
  SELECT * FROM embeddings
  WHERE algorithm = $algorithm AND version = $version
    AND source_id IN (SELECT source_id FROM fingerprints WHERE exhibit_id = $exhibit)
)
SELECT DISTINCT $exhibit AS exhibit_id, source_id, locator, algorithm, version, dimensions, vector,
       decode_path
FROM known
ORDER BY source_id
