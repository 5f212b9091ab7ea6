-- Embeddings of pictures
-- Of which pictures did the examiner's model make a vector?
--
-- [columns]
-- sha256 = "Hash"
SELECT exhibit_id, source_id AS sha256, algorithm, version, dimensions, decode_path
FROM embeddings
ORDER BY exhibit_id, sha256
