-- Exact matches, every entry of every set reported. A file matches an entry by the strongest digest
-- that both sides have. The record of a share whose file is gone matches by its SHA-256, by the MD5
-- or SHA-1 that a tool's report states, or through the digests of a file with the same SHA-256 on
-- any exhibit. The digests of an empty file stand in many sets by mistake and say nothing: such a
-- match is for review. Of a known set every entry is reported; an ignorable set may list one file in
-- each of hundreds of packages, of which the first is, and how many further ones there are.
-- known_here are the entries of all sets that have any digest of this case, in order of rank.
WITH files AS (
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
         coalesce(s.sha1, c.sha1), coalesce(s.md5, c.md5), 'recovered_share' AS through
  FROM recovered_shares AS s LEFT JOIN contents AS c ON c.sha256 = s.sha256
  WHERE coalesce(s.sha256, s.original_sha256, s.sha1, s.md5) IS NOT NULL
),
locations AS (
  SELECT exhibit_id, item_id, NULL AS event_id, 0 AS ordinal, 'item' AS matched_in, sha256, sha1,
         md5, NULL AS original_sha256
  FROM files
  UNION ALL
  SELECT exhibit_id, NULL, event_id, ordinal, through, sha256, sha1, md5, original_sha256
  FROM gone
),
digests AS (
  SELECT exhibit_id, item_id, event_id, ordinal, matched_in, sha256 AS found, 'sha256' AS algorithm,
         1 AS strength, sha256 AS query_hash
  FROM locations WHERE sha256 IS NOT NULL
  UNION ALL
  SELECT exhibit_id, item_id, event_id, ordinal, matched_in, sha256, 'sha1', 2, sha1
  FROM locations WHERE sha1 IS NOT NULL
  UNION ALL
  SELECT exhibit_id, item_id, event_id, ordinal, matched_in, sha256, 'md5', 3, md5
  FROM locations WHERE md5 IS NOT NULL
  UNION ALL
  SELECT exhibit_id, item_id, event_id, ordinal, matched_in, original_sha256, 'sha256', 4,
         original_sha256
  FROM locations WHERE original_sha256 IS NOT NULL
),
listed AS (
  SELECT set, version, kind, record, md5, sha1, sha256, category, disputed, photodna,
         CASE WHEN kind = 'ignorable' THEN '' ELSE record END AS entry, min(rank) AS rank
  FROM known_here
  GROUP BY set, version, kind, record, md5, sha1, sha256, category, disputed, photodna
),
counted AS (
  SELECT *, row_number() OVER (PARTITION BY set, version, entry, md5, sha1, sha256
                               ORDER BY rank) AS turn,
         CASE WHEN kind = 'ignorable'
              THEN nullif(count(*) OVER (PARTITION BY set, version, entry, md5, sha1, sha256) - 1, 0)
         END AS further
  FROM listed
),
first_entries AS (SELECT * FROM counted WHERE turn = 1),
set_entries AS (
  SELECT 'sha256' AS digest_kind, sha256 AS digest, set, version, kind, record, category, disputed,
         photodna, further
  FROM first_entries WHERE sha256 IS NOT NULL
  UNION ALL
  SELECT 'sha1', sha1, set, version, kind, record, category, disputed, photodna,
         further
  FROM first_entries WHERE sha1 IS NOT NULL
  UNION ALL
  SELECT 'md5', md5, set, version, kind, record, category, disputed, photodna,
         further
  FROM first_entries WHERE md5 IS NOT NULL
),
hits AS (
  SELECT d.*, e.set, e.version, e.kind, e.record, e.category, e.disputed, e.photodna,
         e.further
  FROM digests AS d
  JOIN set_entries AS e ON e.digest_kind = d.algorithm AND e.digest = d.query_hash
),
ranked AS (
  SELECT *, row_number() OVER (
    PARTITION BY set, version, record, exhibit_id, coalesce(item_id, event_id), ordinal
    ORDER BY strength, category) AS choice
  FROM hits
)
SELECT md5(concat_ws('|', set, version, record, algorithm, exhibit_id,
                     coalesce(item_id, event_id), CAST(ordinal AS VARCHAR))) AS match_id,
       found AS sha256, set, version, kind, record, algorithm, CAST(0 AS BIGINT) AS distance, category, matched_in,
       matched_in = 'item' AS file_present, exhibit_id, item_id, event_id,
       CASE WHEN query_hash IN (
         'd41d8cd98f00b204e9800998ecf8427e', 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
         'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
       THEN 'review' ELSE 'exact' END AS tier,
       query_hash, query_hash AS known_hash, disputed, photodna, further
FROM ranked WHERE choice = 1
ORDER BY kind, set, version, sha256, exhibit_id, coalesce(item_id, event_id), ordinal, record
