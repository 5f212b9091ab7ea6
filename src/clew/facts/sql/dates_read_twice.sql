-- Text exports with messages whose dates can be read in two ways.
SELECT source_id, min(exhibit_id) AS exhibit_id FROM date_readings
GROUP BY source_id ORDER BY source_id
