-- Digests of all files of the case, and of files that are gone, by kind.
WITH md5s AS (
  SELECT md5 FROM items UNION SELECT md5 FROM shares UNION SELECT md5 FROM recovered_shares
),
sha1s AS (
  SELECT sha1 FROM items UNION SELECT sha1 FROM shares UNION SELECT sha1 FROM recovered_shares
),
sha256s AS (
  SELECT sha256 FROM items UNION SELECT sha256 FROM shares UNION SELECT original_sha256 FROM shares
  UNION SELECT sha256 FROM recovered_shares UNION SELECT original_sha256 FROM recovered_shares
)
SELECT md5, CAST(NULL AS VARCHAR) AS sha1, CAST(NULL AS VARCHAR) AS sha256
FROM md5s WHERE md5 IS NOT NULL
UNION ALL SELECT NULL, sha1, NULL FROM sha1s WHERE sha1 IS NOT NULL
UNION ALL SELECT NULL, NULL, sha256 FROM sha256s WHERE sha256 IS NOT NULL
