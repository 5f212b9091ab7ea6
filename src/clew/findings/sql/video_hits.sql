-- What each video shares with each medium of a set, in the way of turning it that shares most.
-- video_asked are the frames of videos; met_looks and met_frames what pairs of them and fingerprints of
-- the set said, and known_frames the entries behind the fingerprints. A cover has no time, and neither
-- adds to the frames matched nor to their total. nearest is one number: whether it tells nothing, then
-- as in met_looks.
WITH looks AS (
  SELECT look, medium, way, min(nearest_enough) AS nearest_enough, min(nearest) AS nearest
  FROM met_looks GROUP BY look, medium, way
),
by_look AS (
  SELECT f.source_id, s.medium, s.way, count(f.at_ms) AS matched,
         count(CASE WHEN f.tells AND s.nearest_enough IS NOT NULL THEN f.at_ms END) AS telling,
         min(CASE WHEN f.tells AND s.nearest_enough IS NOT NULL THEN s.nearest_enough
                  ELSE (1::BIGINT << 61) + s.nearest END) AS nearest,
         list_sort(array_agg(DISTINCT f.at_ms) FILTER (WHERE f.at_ms IS NOT NULL)) AS at_ms
  FROM looks AS s JOIN video_asked AS f ON f.look = s.look
  GROUP BY f.source_id, s.medium, s.way
),
by_known AS (
  SELECT s.source_id, k.medium, s.way, count(DISTINCT s.known) AS known_matched,
         count(DISTINCT CASE WHEN s.telling AND k.enough THEN s.known END) AS known_telling
  FROM met_frames AS s JOIN known_frames AS k ON k.known = s.known
  GROUP BY s.source_id, k.medium, s.way
),
totals AS (
  SELECT source_id, count(at_ms) AS total,
         count(CASE WHEN turned THEN at_ms END) AS turned_total,
         count(CASE WHEN tells THEN at_ms END) AS telling_total,
         count(CASE WHEN turned AND tells THEN at_ms END) AS turned_telling_total
  FROM video_asked GROUP BY source_id
),
nearest_way AS (
  SELECT *, row_number() OVER (
    PARTITION BY source_id, medium
    ORDER BY matched + known_matched DESC, nearest >> 54, way) AS choice
  FROM by_look JOIN by_known USING (source_id, medium, way)
)
SELECT s.source_id, s.medium, s.way, s.matched, s.telling, s.known_matched, s.known_telling,
       s.at_ms, (s.nearest >> 54) & 127 AS distance, s.nearest & 134217727 AS entry,
       CASE WHEN s.way = 0 THEN t.total ELSE t.turned_total END AS total,
       CASE WHEN s.way = 0 THEN t.telling_total ELSE t.turned_telling_total END AS telling_total,
       l.value, f.quality, f.decode_path, f.simple_graphic
FROM nearest_way AS s
JOIN totals AS t ON t.source_id = s.source_id
JOIN video_asked AS f ON f.source_id = s.source_id AND f.look = (s.nearest >> 27) & 134217727
JOIN video_looks AS l ON l.look = f.look
WHERE s.choice = 1
ORDER BY s.source_id, s.medium
