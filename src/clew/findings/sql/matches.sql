-- All matches in order: exact_matches, and those of contents by what they look like.
-- Tables in memory: all_matches.
SELECT match_id, sha256, set, version, kind, record, algorithm, distance, category, matched_in,
       file_present, exhibit_id, item_id, event_id, tier, query_hash, known_hash, disputed, further,
       quality, algorithm_version, decode_path, known_quality, orientation,
       coalesce(low_quality, FALSE) AS low_quality,
       coalesce(simple_graphic, FALSE) AS simple_graphic,
       expected_by_chance, expected_at_most, chance_table, frames_matched, frames_total,
       known_frames_matched, known_frames_total,
       coalesce(at_ms, CAST([] AS VARCHAR[])) AS at_ms
FROM all_matches
ORDER BY kind, set, version, tier, sha256, exhibit_id, coalesce(item_id, event_id), record,
         algorithm, match_id
