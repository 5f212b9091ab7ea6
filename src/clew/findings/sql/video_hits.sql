-- What each video shares with each medium of a set, told in the way of turning it that shares most.
-- video_looks are the different frames with enough in them, by number in order of their value; of
-- poor_videos, which have none such, all their frames are there, and tell nothing;
-- near_looks the pairs of a look, turned in some way, and a fingerprint of the set within the radius;
-- known_frames the entries behind the fingerprints. A cover has no time: it is no frame of a film,
-- and neither adds to the frames matched nor to their total. Nor do simple graphics tell films apart.
-- nearest is one number, as there may be a hundred million pairs: whether it tells nothing, the
-- distance, then the look, then the entry.
WITH frames AS (
  SELECT l.look, f.source_id, min(f.at_ms) AS at_ms, max(f.quality) AS quality,
         min(f.decode_path) AS decode_path, bool_or(f.simple_graphic) AS simple_graphic,
         max(f.quality) >= 50 AND NOT bool_or(f.simple_graphic) AS tells,
         bool_or(len(f.turned) > 0) AS turned
  FROM fingerprints AS f JOIN video_looks AS l ON l.value = f.value
  WHERE f.algorithm = 'vpdq'
    AND (f.quality >= 50 OR f.source_id IN (SELECT source_id FROM poor_videos))
  GROUP BY l.look, f.source_id
),
totals AS (
  SELECT source_id, count(at_ms) AS total,
         count(CASE WHEN turned THEN at_ms END) AS turned_total,
         count(CASE WHEN tells THEN at_ms END) AS telling_total,
         count(CASE WHEN turned AND tells THEN at_ms END) AS turned_telling_total
  FROM frames GROUP BY source_id
),
shared AS (
  SELECT f.source_id, k.medium, n.way,
         count(DISTINCT CASE WHEN f.at_ms IS NOT NULL THEN f.look END) AS matched,
         count(DISTINCT CASE WHEN f.at_ms IS NOT NULL AND f.tells AND k.enough THEN f.look END)
           AS telling,
         count(DISTINCT n.known) AS known_matched,
         count(DISTINCT CASE WHEN f.at_ms IS NOT NULL AND f.tells AND k.enough THEN n.known END)
           AS known_telling,
         min(((NOT (f.tells AND k.enough))::BIGINT << 61) + (n.distance::BIGINT << 54)
             + (f.look::BIGINT << 27) + k.place) AS nearest,
         list_sort(array_agg(DISTINCT f.at_ms) FILTER (WHERE f.at_ms IS NOT NULL)) AS at_ms
  FROM near_looks AS n
  JOIN frames AS f ON f.look = n.look
  JOIN known_frames AS k ON k.known = n.known
  GROUP BY f.source_id, k.medium, n.way
),
nearest_way AS (
  SELECT *, row_number() OVER (
    PARTITION BY source_id, medium
    ORDER BY matched + known_matched DESC, nearest >> 54, way) AS place
  FROM shared
)
SELECT s.source_id, s.medium, s.way, s.matched, s.telling, s.known_matched, s.known_telling,
       s.at_ms, (s.nearest >> 54) & 127 AS distance, s.nearest & 134217727 AS entry,
       CASE WHEN s.way = 0 THEN t.total ELSE t.turned_total END AS total,
       CASE WHEN s.way = 0 THEN t.telling_total ELSE t.turned_telling_total END AS telling_total,
       l.value, f.quality, f.decode_path, f.simple_graphic
FROM nearest_way AS s
JOIN totals AS t ON t.source_id = s.source_id
JOIN frames AS f ON f.source_id = s.source_id AND f.look = (s.nearest >> 27) & 134217727
JOIN video_looks AS l ON l.look = f.look
WHERE s.place = 1
ORDER BY s.source_id, s.medium
