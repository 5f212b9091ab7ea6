,
files AS (
  SELECT sha256, min(media_type) AS media_type, min(size) AS size, count(*) AS items
  FROM items
  WHERE kind = 'file' AND outcome = 'processed' AND sha256 IS NOT NULL AND size > 0
  GROUP BY sha256
),
spread AS (
  SELECT sha256, min(media_type) AS media_type, min(size) AS size, count(*) AS shares,
         count(DISTINCT chat_id) AS chats, count(DISTINCT person_id) AS persons,
         count(DISTINCT country) AS countries
  FROM sent GROUP BY sha256
),
places AS (
  SELECT sha256, exhibit_id FROM items WHERE sha256 IS NOT NULL AND outcome = 'processed'
  UNION SELECT sha256, exhibit_id FROM shares WHERE sha256 IS NOT NULL
),
placed AS (SELECT sha256, count(DISTINCT exhibit_id) AS exhibits FROM places GROUP BY sha256),
judged AS (
  SELECT sha256, max(CASE WHEN kind = 'known' THEN 1 ELSE 0 END) AS known,
         max(CASE WHEN kind = 'ignorable' THEN 1 ELSE 0 END) AS ignorable
  FROM matches GROUP BY sha256
)
SELECT coalesce(f.sha256, s.sha256) AS cluster_id, coalesce(f.sha256, s.sha256) AS sha256,
       coalesce(f.media_type, s.media_type) AS media_type, coalesce(f.size, s.size) AS size,
       coalesce(f.items, 0) AS items, coalesce(s.shares, 0) AS shares,
       coalesce(s.chats, 0) AS chats, coalesce(s.persons, 0) AS persons,
       coalesce(s.countries, 0) AS countries, coalesce(p.exhibits, 0) AS exhibits,
       f.sha256 IS NOT NULL AS file_present,
       coalesce(j.known, 0) = 1 AS known, coalesce(j.ignorable, 0) = 1 AS ignorable
FROM files AS f
FULL OUTER JOIN spread AS s ON s.sha256 = f.sha256
LEFT JOIN placed AS p ON p.sha256 = coalesce(f.sha256, s.sha256)
LEFT JOIN judged AS j ON j.sha256 = coalesce(f.sha256, s.sha256)
ORDER BY cluster_id
