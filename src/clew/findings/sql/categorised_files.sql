-- One row per file and category that counts, of one country or of all: its digests, and the
-- fingerprints of it as a picture and of its frames as a video. A file of which nothing is read, since
-- only others sent it and what they sent may not leave, is none of them.
WITH met AS (
  SELECT sha256 FROM items UNION SELECT sha256 FROM shares UNION SELECT sha256 FROM stated_files
),
contents AS (
  SELECT sha256, min(md5) AS md5, min(sha1) AS sha1, min(size) AS size,
         min(media_type) AS media_type
  FROM items WHERE sha256 IS NOT NULL GROUP BY sha256
),
hashed AS (
  SELECT DISTINCT source_id, algorithm, value, quality, coalesce(at_ms, -1) AS at_ms
  FROM fingerprints WHERE algorithm IN ('pdq', 'vpdq')
),
looks AS (
  SELECT source_id, algorithm,
         ordered_list(struct_pack(value, quality, at_ms), struct_pack(at_ms, value, quality))
           AS hashes
  FROM hashed GROUP BY source_id, algorithm
)
SELECT c.sha256, f.md5, f.sha1, f.size, f.media_type, c.scheme, c.country, c.scheme_version, c.code,
       p.hashes AS pictures, v.hashes AS frames
FROM categories_that_count AS c
LEFT JOIN contents AS f ON f.sha256 = c.sha256
LEFT JOIN looks AS p ON p.source_id = c.sha256 AND p.algorithm = 'pdq'
LEFT JOIN looks AS v ON v.source_id = c.sha256 AND v.algorithm = 'vpdq'
WHERE ($country IS NULL OR upper(c.country) = upper($country))
  AND c.sha256 IN (SELECT sha256 FROM met)
ORDER BY c.sha256, upper(c.scheme), upper(c.country)
