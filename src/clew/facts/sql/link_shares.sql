-- Shares with the file each carried: by its hash where the messenger kept one, else by its name
-- beside the chat, else by the path that the messenger states. A file of the stated name with
-- another hash is not the one that was shared.
WITH shared AS (
  SELECT *, row_number() OVER (ORDER BY filename, file_row_number) AS place
  FROM read_parquet([$parts], filename = true, file_row_number = true)
),
files AS (
  SELECT item_id, path, sha256, regexp_replace(path, '^.*/', '') AS name,
         CASE WHEN contains(path, '/') THEN regexp_replace(path, '/[^/]*$', '') ELSE '' END AS folder
  FROM items
  WHERE exhibit_id = $exhibit_id AND kind = 'file' AND outcome = 'processed'
    AND sha256 IS NOT NULL
),
sources AS (
  SELECT sha256 AS source_id, min(folder) AS folder FROM files GROUP BY sha256
),
by_hash AS (
  SELECT s.place, min_by(f.item_id, f.path || ' ' || f.item_id) AS item_id
  FROM shared AS s JOIN files AS f ON f.sha256 = s.sha256
  GROUP BY s.place
),
by_name AS (
  SELECT s.place, min_by(f.item_id, f.path || ' ' || f.item_id) AS item_id
  FROM shared AS s
  JOIN sources AS o ON o.source_id = s.source_id
  JOIN files AS f ON f.name = s.name AND f.folder = o.folder
  WHERE s.sha256 IS NULL AND s.name IS NOT NULL
  GROUP BY s.place
),
by_path AS (
  SELECT s.place, min_by(f.item_id, f.path || ' ' || f.item_id) AS item_id
  FROM shared AS s
  JOIN files AS f
    ON f.name = regexp_replace(s.path_stated, '^.*/', '')
   AND (f.path = s.path_stated OR ends_with(f.path, '/' || ltrim(s.path_stated, '/')))
  WHERE s.sha256 IS NULL AND s.path_stated IS NOT NULL
  GROUP BY s.place
),
linked AS (
  SELECT s.place, coalesce(h.item_id, n.item_id, p.item_id) AS item_id
  FROM shared AS s
  LEFT JOIN by_hash AS h USING (place)
  LEFT JOIN by_name AS n USING (place)
  LEFT JOIN by_path AS p USING (place)
)
SELECT s.* EXCLUDE (filename, file_row_number, place)
       REPLACE (
         l.item_id AS item_id,
         coalesce(s.sha256, f.sha256) AS sha256,
         coalesce(s.hash_basis, CASE WHEN f.sha256 IS NOT NULL THEN 'computed' END) AS hash_basis,
         coalesce(s.size, i.size) AS size,
         CASE WHEN l.item_id IS NOT NULL THEN 'present' ELSE s.state END AS state
       )
FROM shared AS s
JOIN linked AS l USING (place)
LEFT JOIN files AS f ON f.item_id = l.item_id
LEFT JOIN items AS i ON i.item_id = l.item_id
ORDER BY s.place
