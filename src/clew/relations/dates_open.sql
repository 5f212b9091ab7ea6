-- Messages whose date can be read in two ways, with both as times, once for each file.
SELECT r.source_id, min(r.exhibit_id) AS exhibit_id, r.locator, min(r.event_id) AS event_id,
       min(TRY_CAST(r.day_first AS TIMESTAMP)) AS day_first,
       min(TRY_CAST(r.month_first AS TIMESTAMP)) AS month_first
FROM date_readings AS r
GROUP BY r.source_id, r.locator
