-- Matched files
-- Which file matches which set and category, once for each, wherever it was found?
--
-- first = ["sha256", "set", "tier", "category", "distance", "files"]
-- [columns]
-- records = "int"
-- files = "int"
-- records_only = "int"
-- exhibits = "tuple[Id[Exhibit], ...]"
SELECT "set", version, kind, category, sha256, algorithm, tier, min(distance) AS distance,
       min_by(orientation, distance) AS orientation, bool_or(low_quality) AS low_quality,
       bool_or(simple_graphic) AS simple_graphic, max(frames_matched) AS frames_matched,
       max(frames_total) AS frames_total, max(known_frames_matched) AS known_frames_matched,
       max(known_frames_total) AS known_frames_total,
       min_by(expected_by_chance, distance) AS expected_by_chance,
       min_by(expected_at_most, distance) AS expected_at_most,
       count(DISTINCT record) AS records, count(DISTINCT item_id) AS files,
       count(DISTINCT event_id) AS records_only,
       list_sort(array_agg(DISTINCT exhibit_id)) AS exhibits, min(record) AS record
FROM matches GROUP BY "set", version, kind, category, sha256, algorithm, tier
ORDER BY CASE tier WHEN 'exact' THEN 0 WHEN 'near' THEN 1 ELSE 2 END, kind DESC, "set", version,
         category, sha256, algorithm, tier
