-- Ignorable files
-- How many files are settled because an ignorable set has them?
SELECT CAST(coalesce(sum(greatest(items, 1)), 0) AS BIGINT) AS value FROM file_clusters
WHERE (media_type LIKE 'image/%' OR media_type LIKE 'video/%' OR shares > 0)
  AND settled_by = 'ignorable'
