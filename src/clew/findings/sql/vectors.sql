-- What models made of pictures, with how near each model takes two to be alike.
SELECT DISTINCT v.source_id, v.algorithm, v.version, v.vector, v.decode_path, m.review_distance
FROM embeddings AS v
JOIN embedding_models AS m ON m.exhibit_id = v.exhibit_id AND m.algorithm = v.algorithm
                          AND m.version = v.version
ORDER BY v.algorithm, v.version, m.review_distance, v.source_id
