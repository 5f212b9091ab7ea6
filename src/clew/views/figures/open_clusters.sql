-- Open clusters
-- In how many clusters of like files are those that are open?
SELECT count(DISTINCT cluster_id) AS value FROM file_clusters
WHERE (media_type LIKE 'image/%' OR media_type LIKE 'video/%' OR shares > 0)
  AND settled_by = 'open'
