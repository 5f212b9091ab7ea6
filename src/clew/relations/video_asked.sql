-- One row per video and look of it that is asked of the sets. Of poor_videos all frames are there,
-- and tell nothing. Nor do simple graphics tell films apart. A cover has no time: it is no frame of a
-- film.
SELECT l.look, f.source_id, min(f.at_ms) AS at_ms, max(f.quality) AS quality,
       min(f.decode_path) AS decode_path, bool_or(f.simple_graphic) AS simple_graphic,
       bool_or(f.enough) AND NOT bool_or(f.simple_graphic) AS tells,
       bool_or(len(f.turned) > 0) AS turned
FROM rated_fingerprints AS f JOIN video_looks AS l ON l.value = f.value
WHERE f.algorithm = 'vpdq' AND (f.enough OR f.source_id IN (SELECT source_id FROM poor_videos))
GROUP BY l.look, f.source_id
