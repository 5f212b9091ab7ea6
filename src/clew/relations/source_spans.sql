-- One row per source, with the latest time in it.
SELECT exhibit_id, source_id, max(last_at) AS last_at FROM sources GROUP BY exhibit_id, source_id
