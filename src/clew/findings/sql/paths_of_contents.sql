-- Where files with these contents lie, one path of each exhibit.
SELECT exhibit_id, sha256, min(path) AS path
FROM items WHERE list_contains($contents, sha256)
GROUP BY exhibit_id, sha256
ORDER BY exhibit_id, sha256
