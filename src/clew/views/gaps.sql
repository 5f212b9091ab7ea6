-- Gaps
-- What is missing on which device, and what shows that it is missing?
--
-- first = ["subject", "from_at", "until_at", "kind", "strength", "exhibit_id"]
-- of = ["timeline_gaps"]
-- times = ["from_at", "until_at"]
-- [columns]
-- holders = "tuple[Id[Person], ...]"
WITH holders AS (
  SELECT exhibit_id, list_sort(array_agg(person_id)) AS holders FROM holders GROUP BY exhibit_id
)
SELECT t.*, g.subject, h.holders
FROM timeline_gaps AS t
LEFT JOIN groups AS g ON g.chat_id = t.chat_id
LEFT JOIN holders AS h ON h.exhibit_id = t.exhibit_id
ORDER BY CASE kind WHEN 'missing_range' THEN 1 WHEN 'history_start' THEN 2
                   WHEN 'missing_rows' THEN 3 WHEN 'silent' THEN 4 WHEN 'cut_export' THEN 5
                   ELSE 6 END,
         CASE strength WHEN 'others_show' THEN 1 WHEN 'rows_show' THEN 2 WHEN 'stated' THEN 3
                       ELSE 4 END,
         others_hold DESC, expected DESC NULLS LAST, gap_id
