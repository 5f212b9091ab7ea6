-- Files to settle
-- How many pictures, videos and shared files are there?
SELECT CAST(coalesce(sum(greatest(items, 1)), 0) AS BIGINT) AS value FROM file_clusters
WHERE (media_type LIKE 'image/%' OR media_type LIKE 'video/%' OR shares > 0)
