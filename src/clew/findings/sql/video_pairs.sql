-- Pairs of videos that are one film. Either $share of the scenes match, both ways, and neither lasts
-- much longer; or, where one has fewer key frames than the other, $share of those it has match in
-- step, a second apart at most, there are $least of them, both last the same, and no more than the
-- rest of what is seen at the same time differs: a second film in the file is no copy. All of it in
-- one way of turning, the one in which most match.
-- video_scenes are the scenes of each video, some looks of each, with the time in which it is seen
-- and whether it is looked for in others; films_met the scenes of one that another has, turned in
-- some way: apart is 0 where they look alike, 1 where they do in step, 2 where they do at once.
WITH totals AS (
  SELECT source_id, count(DISTINCT scene) AS total FROM video_scenes WHERE asked GROUP BY source_id
),
lasting AS (
  SELECT source_id, max(duration_ms) AS duration, max(width * height) AS pixels
  FROM media_files GROUP BY source_id
),
met AS (
  SELECT one, other, way, back, count(CASE WHEN apart = 0 THEN 1 END) AS matched,
         count(CASE WHEN apart = 1 THEN 1 END) AS in_step,
         count(CASE WHEN apart = 2 THEN 1 END) AS at_once
  FROM films_met GROUP BY one, other, way, back
),
matched AS (
  SELECT m.one, m.other, m.way, m.matched, m.in_step, m.at_once, b.matched AS matched_back,
         b.in_step AS in_step_back, b.at_once AS at_once_back
  FROM met AS m JOIN met AS b ON b.one = m.other AND b.other = m.one AND b.way = m.back
),
compared AS (
  SELECT m.one, m.other, m.way, m.matched, s.total, m.matched_back, t.total AS total_back, m.at_once,
         m.at_once_back,
         coalesce(c.pixels, 0) AS pixels,
         least(m.in_step, m.in_step_back) AS in_step,
         greatest(m.in_step / s.total, m.in_step_back / t.total) AS share_in_step,
         least(m.matched / s.total, m.matched_back / t.total) AS share,
         CASE WHEN c.duration > 0 AND d.duration > 0
              THEN least(c.duration, d.duration) / greatest(c.duration, d.duration) END AS lasting
  FROM matched AS m
  JOIN totals AS s ON s.source_id = m.one
  JOIN totals AS t ON t.source_id = m.other
  LEFT JOIN lasting AS c ON c.source_id = m.one
  LEFT JOIN lasting AS d ON d.source_id = m.other
),
in_step AS (
  SELECT * FROM compared
  WHERE share_in_step >= $share AND in_step >= $least AND lasting >= $same
),
seen AS (
  SELECT i.one, i.other, i.way, count(DISTINCT a.scene) AS seen
  FROM in_step AS i JOIN video_scenes AS a ON a.source_id = i.one AND a.asked
  JOIN video_scenes AS b
    ON b.source_id = i.other AND a.at_ms <= b.until_ms AND b.at_ms <= a.until_ms
  GROUP BY i.one, i.other, i.way
),
agreeing AS (
  SELECT i.* FROM in_step AS i
  JOIN seen AS s ON s.one = i.one AND s.other = i.other AND s.way = i.way
  JOIN (SELECT DISTINCT one, other, seen FROM seen) AS t ON t.one = i.other AND t.other = i.one
  WHERE i.at_once >= $share * s.seen AND i.at_once_back >= $share * t.seen
),
films AS (
  SELECT *, row_number() OVER (PARTITION BY one, other ORDER BY share DESC, way) AS choice
  FROM (SELECT * FROM compared WHERE share >= $share AND coalesce(lasting >= $share, TRUE)
        UNION SELECT * FROM agreeing)
)
SELECT one, other, way, matched, total, matched_back, total_back, pixels
FROM films WHERE choice = 1
ORDER BY one, other
