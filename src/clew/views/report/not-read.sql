-- Not read, by reason
-- For which reason was how much skipped, failed or not read, and on which exhibits?
--
-- [columns]
-- register = "Term"
-- outcome = "Term"
-- code = "ReasonCode"
-- rows = "int"
-- files = "int"
-- exhibits = "tuple[Id[Exhibit], ...]"
-- path = "Path"
-- figures = "tuple[Figures, ...]"
WITH every AS (
  SELECT 'items' AS register, outcome, reason AS code, item_id, exhibit_id, path, figures
  FROM items WHERE outcome <> 'processed'
  UNION ALL
  SELECT 'unread', CASE severity WHEN 'error' THEN 'failed' ELSE 'unread' END, code, item_id,
         exhibit_id, path, figures
  FROM unread WHERE severity <> 'info' OR starts_with(code, 'looks_like')
     OR starts_with(code, 'no_reader')
)
SELECT register, outcome, code, count(*) AS rows, count(DISTINCT item_id) AS files,
       list_sort(array_agg(DISTINCT exhibit_id)) AS exhibits, min(path) AS path,
       min_by(figures, struct_pack(p := path, f := figures)) AS figures
FROM every GROUP BY register, outcome, code
ORDER BY outcome, rows DESC, register, code
