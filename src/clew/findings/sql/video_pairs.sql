-- Pairs of videos that are one film. Either $share of the frames match, both ways, and neither lasts
-- much longer; or, where one has fewer key frames than the other, $share of those it has match in
-- step, a second apart at most, there are $least of them, and both last the same.
-- near_frames are the pairs of frames within the radius, each both ways, and with itself.
WITH totals AS (SELECT source_id, count(*) AS total FROM video_frames GROUP BY source_id),
lasting AS (
  SELECT source_id, max(duration_ms) AS duration, max(width * height) AS pixels
  FROM media_files GROUP BY source_id
),
matched AS (
  SELECT a.source_id AS one, b.source_id AS other, count(DISTINCT a.value) AS matched,
         count(DISTINCT CASE WHEN abs(a.at_ms - b.at_ms) <= 1000 THEN a.value END) AS in_step
  FROM video_frames AS a JOIN near_frames AS n ON n.value = a.value
  JOIN video_frames AS b ON b.value = n.near AND b.source_id <> a.source_id
  GROUP BY a.source_id, b.source_id
),
compared AS (
  SELECT m.one, m.other, m.matched, s.total, back.matched AS matched_back, t.total AS total_back,
         coalesce(c.pixels, 0) AS pixels,
         least(m.in_step, back.in_step) AS in_step,
         greatest(m.in_step / s.total, back.in_step / t.total) AS share_in_step,
         least(m.matched / s.total, back.matched / t.total) AS share,
         least(c.duration, d.duration) / greatest(c.duration, d.duration) AS lasting
  FROM matched AS m
  JOIN matched AS back ON back.one = m.other AND back.other = m.one
  JOIN totals AS s ON s.source_id = m.one
  JOIN totals AS t ON t.source_id = m.other
  LEFT JOIN lasting AS c ON c.source_id = m.one
  LEFT JOIN lasting AS d ON d.source_id = m.other
)
SELECT one, other, matched, total, matched_back, total_back, pixels
FROM compared
WHERE (share >= $share AND coalesce(lasting >= $share, TRUE))
   OR (share_in_step >= $share AND in_step >= $least AND lasting >= $same)
ORDER BY one, other
