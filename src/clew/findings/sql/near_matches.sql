-- Matches of contents by their looks, at every location where the content lies or was shared. An entry
-- that a content matches by a digest is not listed again for looking the same.
-- Tables in memory: content_hits, exact_matches.
WITH locations AS (
  SELECT exhibit_id, item_id, NULL AS event_id, 0 AS ordinal, 'item' AS matched_in, sha256
  FROM items WHERE kind = 'file' AND outcome = 'processed' AND sha256 IS NOT NULL
  UNION ALL
  SELECT exhibit_id, NULL, event_id, ordinal, 'share', sha256
  FROM shares WHERE item_id IS NULL AND sha256 IS NOT NULL
  UNION ALL
  SELECT exhibit_id, NULL, event_id, ordinal, 'recovered_share', sha256
  FROM recovered_shares WHERE sha256 IS NOT NULL
),
exactly AS (SELECT DISTINCT sha256, set, version, record FROM exact_matches)
SELECT md5(concat_ws('|', h.set, h.version, h.record, h.algorithm, h.query_hash, p.exhibit_id,
                     coalesce(p.item_id, p.event_id), CAST(p.ordinal AS VARCHAR))) AS match_id,
       h.sha256, h.set, h.version, h.kind, h.record, h.algorithm, h.distance, h.tier, h.quality,
       h.category, h.algorithm_version, h.decode_path, h.query_hash, h.known_hash, h.known_quality,
       h.orientation, h.low_quality, h.simple_graphic, h.expected_by_chance, h.expected_at_most,
       h.chance_table, h.frames_matched, h.frames_total, h.known_frames_matched,
       h.known_frames_total, h.at_ms, h.disputed, h.further, p.matched_in, p.matched_in = 'item' AS file_present, p.exhibit_id, p.item_id, p.event_id
FROM content_hits AS h JOIN locations AS p ON p.sha256 = h.sha256
LEFT JOIN exactly AS t ON t.sha256 = h.sha256 AND t.set = h.set AND t.version = h.version
                   AND t.record = h.record
WHERE t.record IS NULL
