-- Exact matches, every set reported. A file matches by the strongest digest that both sides have.
-- The record of a share whose file is gone matches by its SHA-256, or through the digests of a file
-- with the same SHA-256 on any exhibit, or by the MD5 or SHA-1 that a tool's report states.
WITH sets AS (
  SELECT h.*, s.kind FROM known_hashes AS h
  JOIN hash_sets AS s ON s.set = h.set AND s.version = h.version
),
files AS (
  SELECT exhibit_id, item_id, sha256, sha1, md5 FROM items
  WHERE kind = 'file' AND outcome = 'processed' AND sha256 IS NOT NULL
),
contents AS (
  SELECT sha256, min(sha1) AS sha1, min(md5) AS md5 FROM files GROUP BY sha256
),
gone AS (
  SELECT s.exhibit_id, s.event_id, s.ordinal, s.sha256, s.original_sha256,
         coalesce(s.sha1, c.sha1) AS sha1, coalesce(s.md5, c.md5) AS md5, 'share' AS through
  FROM shares AS s LEFT JOIN contents AS c ON c.sha256 = s.sha256
  WHERE s.item_id IS NULL
    AND coalesce(s.sha256, s.original_sha256, s.sha1, s.md5) IS NOT NULL
  UNION ALL
  SELECT s.exhibit_id, s.event_id, s.ordinal, s.sha256, s.original_sha256,
         coalesce(s.sha1, c.sha1), coalesce(s.md5, c.md5), 'recovered_share'
  FROM recovered_shares AS s LEFT JOIN contents AS c ON c.sha256 = s.sha256
  WHERE coalesce(s.sha256, s.original_sha256, s.sha1, s.md5) IS NOT NULL
),
hits AS (
  SELECT f.sha256, s.set, s.version, s.kind, s.record, s.category, 'sha256' AS algorithm,
         1 AS strength, 'item' AS matched_in, f.exhibit_id, f.item_id, NULL AS event_id, 0 AS ordinal
  FROM files AS f JOIN sets AS s ON s.sha256 = f.sha256
  UNION ALL
  SELECT f.sha256, s.set, s.version, s.kind, s.record, s.category, 'sha1', 2, 'item',
         f.exhibit_id, f.item_id, NULL, 0
  FROM files AS f JOIN sets AS s ON s.sha1 = f.sha1
  UNION ALL
  SELECT f.sha256, s.set, s.version, s.kind, s.record, s.category, 'md5', 3, 'item',
         f.exhibit_id, f.item_id, NULL, 0
  FROM files AS f JOIN sets AS s ON s.md5 = f.md5
  UNION ALL
  SELECT g.sha256, s.set, s.version, s.kind, s.record, s.category, 'sha256', 1, g.through,
         g.exhibit_id, NULL, g.event_id, g.ordinal
  FROM gone AS g JOIN sets AS s ON s.sha256 = g.sha256
  UNION ALL
  SELECT g.sha256, s.set, s.version, s.kind, s.record, s.category, 'sha1', 2, g.through,
         g.exhibit_id, NULL, g.event_id, g.ordinal
  FROM gone AS g JOIN sets AS s ON s.sha1 = g.sha1
  UNION ALL
  SELECT g.sha256, s.set, s.version, s.kind, s.record, s.category, 'md5', 3, g.through,
         g.exhibit_id, NULL, g.event_id, g.ordinal
  FROM gone AS g JOIN sets AS s ON s.md5 = g.md5
  UNION ALL
  SELECT g.original_sha256, s.set, s.version, s.kind, s.record, s.category, 'sha256', 4, g.through,
         g.exhibit_id, NULL, g.event_id, g.ordinal
  FROM gone AS g JOIN sets AS s ON s.sha256 = g.original_sha256
),
ranked AS (
  SELECT *, row_number() OVER (
    PARTITION BY set, version, exhibit_id, coalesce(item_id, event_id), ordinal
    ORDER BY strength, record, category) AS place
  FROM hits
)
SELECT md5(concat_ws('|', set, version, exhibit_id, coalesce(item_id, event_id),
                     CAST(ordinal AS VARCHAR))) AS match_id,
       sha256, set, version, kind, record, algorithm, 0 AS distance, category, matched_in,
       matched_in = 'item' AS file_present, exhibit_id, item_id, event_id
FROM ranked WHERE place = 1
ORDER BY kind, set, version, sha256, exhibit_id, coalesce(item_id, event_id), ordinal
