-- Files looked at
-- How many files did an analyst look at and give a category?
SELECT count(*) AS value FROM file_clusters
WHERE (media_type LIKE 'image/%' OR media_type LIKE 'video/%' OR shares > 0)
  AND settled_by = 'judged'
