-- The frames of videos that are asked, each look of a video once. video_looks are the different frames
-- with enough in them, by number in order of their value; of poor_videos, which have none such, all
-- their frames are there, and tell nothing. Nor do simple graphics tell films apart. A cover has no
-- time: it is no frame of a film.
SELECT l.look, f.source_id, min(f.at_ms) AS at_ms, max(f.quality) AS quality,
       min(f.decode_path) AS decode_path, bool_or(f.simple_graphic) AS simple_graphic,
       max(f.quality) >= 50 AND NOT bool_or(f.simple_graphic) AS tells,
       bool_or(len(f.turned) > 0) AS turned
FROM fingerprints AS f JOIN video_looks AS l ON l.value = f.value
WHERE f.algorithm = 'vpdq'
  AND (f.quality >= 50 OR f.source_id IN (SELECT source_id FROM poor_videos))
GROUP BY l.look, f.source_id
ORDER BY l.look, f.source_id
