-- Files settled without a look
-- How many pictures, videos and shared files does nobody need to look at?
SELECT CAST(coalesce(sum(greatest(items, 1) - CASE settled_by WHEN 'judged' THEN 1 ELSE 0 END), 0)
            AS BIGINT) AS value
FROM file_clusters
WHERE (media_type LIKE 'image/%' OR media_type LIKE 'video/%' OR shares > 0)
  AND settled_by IN ('known', 'judged', 'near_duplicate', 'ignorable')
