-- One row per content: its cluster of near duplicates, where it lies and went, and what settles it.
-- content_clusters are the clusters by what pictures and videos look like.
WITH files AS (
  SELECT sha256, min(media_type) AS media_type, min(size) AS size, count(*) AS items
  FROM items
  WHERE kind = 'file' AND outcome = 'processed' AND sha256 IS NOT NULL AND size > 0
  GROUP BY sha256
),
spread AS (
  SELECT sha256, min(media_type) AS media_type, min(size) AS size, count(*) AS shares,
         count(DISTINCT chat_id) AS chats, count(DISTINCT person_id) AS persons,
         count(DISTINCT country) AS countries
  FROM shared GROUP BY sha256
),
locations AS (
  SELECT sha256, exhibit_id FROM items WHERE sha256 IS NOT NULL AND outcome = 'processed'
  UNION SELECT sha256, exhibit_id FROM shares WHERE sha256 IS NOT NULL
),
located AS (SELECT sha256, count(DISTINCT exhibit_id) AS exhibits FROM locations GROUP BY sha256),
judged AS (
  SELECT sha256, max(CASE WHEN kind = 'known' AND tier = 'exact' THEN 1 ELSE 0 END) AS known,
         max(CASE WHEN kind = 'known' AND tier = 'near' THEN 1 ELSE 0 END) AS known_near,
         max(CASE WHEN kind = 'ignorable' AND tier = 'exact' THEN 1 ELSE 0 END) AS ignorable
  FROM matches GROUP BY sha256
),
categorised AS (SELECT DISTINCT sha256 FROM categories_that_count),
gathered AS (
  SELECT coalesce(f.sha256, s.sha256) AS sha256,
         coalesce(f.media_type, s.media_type) AS media_type, coalesce(f.size, s.size) AS size,
         coalesce(f.items, 0) AS items, coalesce(s.shares, 0) AS shares,
         coalesce(s.chats, 0) AS chats, coalesce(s.persons, 0) AS persons,
         coalesce(s.countries, 0) AS countries, f.sha256 IS NOT NULL AS file_present
  FROM files AS f FULL OUTER JOIN spread AS s ON s.sha256 = f.sha256
),
clustered AS (
  SELECT g.*, coalesce(k.cluster_id, g.sha256) AS cluster_id,
         coalesce(k.representative, g.sha256) AS representative,
         coalesce(k.contents, 1) AS contents, k.distance, k.orientation, k.frames_matched, k.frames_total,
         k.representative_frames_matched, k.representative_frames_total, k.settled_through,
         k.settled_distance, coalesce(p.exhibits, 0) AS exhibits,
         coalesce(j.known, 0) = 1 AS known, coalesce(j.known_near, 0) = 1 AS known_near,
         coalesce(j.ignorable, 0) = 1 AS ignorable, c.sha256 IS NOT NULL AS looked_at
  FROM gathered AS g
  LEFT JOIN content_clusters AS k ON k.sha256 = g.sha256
  LEFT JOIN located AS p ON p.sha256 = g.sha256
  LEFT JOIN judged AS j ON j.sha256 = g.sha256
  LEFT JOIN categorised AS c ON c.sha256 = g.sha256
),
of_cluster AS (
  SELECT c.cluster_id, count(*) AS shares, count(DISTINCT s.chat_id) AS chats,
         count(DISTINCT s.person_id) AS persons, count(DISTINCT s.country) AS countries
  FROM clustered AS c JOIN shared AS s ON s.sha256 = c.sha256 GROUP BY c.cluster_id
),
copies AS (
  SELECT c.cluster_id, count(DISTINCT p.exhibit_id) AS exhibits
  FROM clustered AS c JOIN locations AS p ON p.sha256 = c.sha256 GROUP BY c.cluster_id
)
SELECT c.sha256, c.media_type, c.size, c.items, c.shares, c.chats, c.persons, c.countries,
       c.file_present, c.cluster_id, c.representative, c.contents, c.distance, c.orientation,
       c.frames_matched, c.frames_total, c.representative_frames_matched,
       c.representative_frames_total, c.exhibits, c.known, c.known_near, c.ignorable,
       coalesce(s.shares, 0) AS cluster_shares, coalesce(s.chats, 0) AS cluster_chats,
       coalesce(s.persons, 0) AS cluster_persons, coalesce(s.countries, 0) AS cluster_countries,
       coalesce(h.exhibits, 0) AS cluster_exhibits,
       CASE WHEN c.known THEN 'known' WHEN c.looked_at THEN 'judged'
            WHEN c.known_near OR c.settled_through IS NOT NULL THEN 'near_duplicate'
            WHEN c.ignorable THEN 'ignorable' ELSE 'open' END AS settled_by,
       CASE WHEN NOT c.known AND NOT c.looked_at THEN c.settled_through END AS settled_through,
       CASE WHEN NOT c.known AND NOT c.looked_at THEN c.settled_distance END AS settled_distance
FROM clustered AS c
LEFT JOIN of_cluster AS s ON s.cluster_id = c.cluster_id
LEFT JOIN copies AS h ON h.cluster_id = c.cluster_id
ORDER BY c.cluster_id, c.sha256
