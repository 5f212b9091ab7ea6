-- Order of dates
-- Which text exports could be read in two orders of day and month, what speaks for each order, and
-- what was decided?
--
-- [columns]
-- path = "Path"
-- locator = "Locator"
WITH asked AS (SELECT source_id, min(item_id) AS item_id FROM sources GROUP BY source_id),
signs AS (
  SELECT source_id, kind, weight, min(locator) AS locator, max(day_first) AS day_first,
         max(month_first) AS month_first
  FROM date_votes GROUP BY source_id, kind, weight
  UNION ALL
  SELECT source_id, kind, weight, min(other_locator) AS locator,
         CAST(sum(day_first) AS BIGINT) AS day_first,
         CAST(sum(month_first) AS BIGINT) AS month_first
  FROM date_votes_beside GROUP BY source_id, kind, weight
)
SELECT i.path, o.date_order, o.basis, s.kind, s.weight, s.day_first, s.month_first, o.judgement,
       i.exhibit_id, o.source_id, s.locator
FROM source_date_orders AS o
JOIN asked AS a ON a.source_id = o.source_id
JOIN items AS i ON i.item_id = a.item_id
LEFT JOIN signs AS s ON s.source_id = o.source_id
ORDER BY basis DESC, exhibit_id, path, source_id, kind, weight
