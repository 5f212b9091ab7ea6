-- Pairs of videos that are one film. Either $share of the scenes match, both ways, and neither lasts
-- much longer; or, where one has fewer key frames than the other, $share of those it has match in
-- step, a second apart at most, there are $least of them, both last the same, and no more than the
-- rest of what is seen at the same time differs: a second film in the file is no copy. All of it in
-- one way of turning, the one in which most match.
-- video_scenes are some looks of each scene of each video, with the time in which it is seen;
-- near_looks the pairs of looks within the radius, both ways round, with how the first is turned to
-- look like the second.
WITH totals AS (
  SELECT source_id, count(DISTINCT scene) AS total FROM video_scenes GROUP BY source_id
),
lasting AS (
  SELECT source_id, max(duration_ms) AS duration, max(width * height) AS pixels
  FROM media_files GROUP BY source_id
),
near AS (SELECT DISTINCT look, near, way FROM near_looks),
met AS (
  SELECT a.source_id AS one, b.source_id AS other, n.way, a.scene, b.scene AS near,
         a.at_ms <= b.until_ms + 1000 AND b.at_ms <= a.until_ms + 1000 AS in_step,
         a.at_ms <= b.until_ms AND b.at_ms <= a.until_ms AS at_once
  FROM video_scenes AS a JOIN near AS n ON n.look = a.look
  JOIN video_scenes AS b ON b.look = n.near AND b.source_id <> a.source_id
),
matched AS (
  SELECT one, other, way, count(DISTINCT scene) AS matched, count(DISTINCT near) AS matched_back,
         count(DISTINCT CASE WHEN in_step THEN scene END) AS in_step,
         count(DISTINCT CASE WHEN in_step THEN near END) AS in_step_back,
         count(DISTINCT CASE WHEN at_once THEN scene END) AS at_once,
         count(DISTINCT CASE WHEN at_once THEN near END) AS at_once_back
  FROM met GROUP BY one, other, way
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
seen_at_once AS (
  SELECT i.one, i.other, i.way, count(DISTINCT a.scene) AS seen,
         count(DISTINCT b.scene) AS seen_back
  FROM in_step AS i JOIN video_scenes AS a ON a.source_id = i.one
  JOIN video_scenes AS b
    ON b.source_id = i.other AND a.at_ms <= b.until_ms AND b.at_ms <= a.until_ms
  GROUP BY i.one, i.other, i.way
),
agreeing AS (
  SELECT i.* FROM in_step AS i
  JOIN seen_at_once AS s ON s.one = i.one AND s.other = i.other AND s.way = i.way
  WHERE i.at_once >= $share * s.seen AND i.at_once_back >= $share * s.seen_back
),
films AS (
  SELECT *, row_number() OVER (PARTITION BY one, other ORDER BY share DESC, way) AS place
  FROM (SELECT * FROM compared WHERE share >= $share AND coalesce(lasting >= $share, TRUE)
        UNION SELECT * FROM agreeing)
)
SELECT one, other, way, matched, total, matched_back, total_back, pixels
FROM films WHERE place = 1
ORDER BY one, other
