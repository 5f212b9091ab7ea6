-- Times of change: an export holds nothing that is later than its own, or than the exhibit's
-- acquisition, and an attachment often keeps that of its message.
WITH bounds AS (
  SELECT i.exhibit_id, i.sha256 AS source_id, min(i.item_id) AS item_id,
         max(CAST(coalesce(least(i.mtime, e.acquired_at), i.mtime, e.acquired_at) AS TIMESTAMP))
           AS bound
  FROM items AS i
  JOIN exhibits AS e ON e.exhibit_id = i.exhibit_id
  WHERE i.sha256 IN (SELECT source_id FROM dates_open)
  GROUP BY i.exhibit_id, i.sha256
),
latest AS (
  SELECT source_id, exhibit_id, max(day_first) AS day_first, max(month_first) AS month_first
  FROM dates_open GROUP BY source_id, exhibit_id
),
too_late AS (
  SELECT l.source_id, l.exhibit_id, l.source_id AS other_source_id,
         CAST(NULL AS VARCHAR) AS event_id,
         CASE WHEN l.month_first > b.bound + INTERVAL 1 DAY THEN 1 ELSE 0 END AS day_first,
         CASE WHEN l.day_first > b.bound + INTERVAL 1 DAY THEN 1 ELSE 0 END AS month_first
  FROM latest AS l
  JOIN bounds AS b ON b.source_id = l.source_id AND b.exhibit_id = l.exhibit_id
),
attached AS (
  SELECT o.source_id, o.exhibit_id, i.sha256 AS other_source_id, o.event_id,
         CASE WHEN abs(date_diff('minute', CAST(i.mtime AS TIMESTAMP), o.day_first)) <= 900
              THEN 1 ELSE 0 END AS day_first,
         CASE WHEN abs(date_diff('minute', CAST(i.mtime AS TIMESTAMP), o.month_first)) <= 900
              THEN 1 ELSE 0 END AS month_first
  FROM dates_open AS o
  JOIN shares AS s ON s.event_id = o.event_id
  JOIN items AS i ON i.item_id = s.item_id
  WHERE i.mtime IS NOT NULL
),
signs AS (
  SELECT * FROM too_late WHERE day_first <> month_first
  UNION ALL SELECT * FROM attached WHERE day_first <> month_first
)
SELECT source_id, exhibit_id, min(other_source_id) AS other_source_id, 'file' AS other_locator,
       min(event_id) AS event_id, CAST(sum(day_first) AS BIGINT) AS day_first,
       CAST(sum(month_first) AS BIGINT) AS month_first
FROM signs
GROUP BY source_id, exhibit_id
ORDER BY source_id, exhibit_id
