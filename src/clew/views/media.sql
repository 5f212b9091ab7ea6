-- Pictures and videos
-- With what and when was each picture or video taken?
--
-- first = ["path", "media_type", "width", "height", "make", "model", "taken_local", "exhibit_id"]
-- of = ["media_files"]
WITH located AS (
  SELECT exhibit_id, sha256, min(path) AS path FROM items
  WHERE sha256 IS NOT NULL GROUP BY exhibit_id, sha256
)
SELECT m.exhibit_id, i.path, m.media_type, m.width, m.height, m.make, m.model, m.serial,
       m.taken_local, m.taken_at, m.offset_basis, m.quantisation_fingerprint, m.codec,
       m.duration_ms, m.source_id
FROM media_files AS m
JOIN located AS i ON i.exhibit_id = m.exhibit_id AND i.sha256 = m.source_id
ORDER BY exhibit_id, path, source_id
