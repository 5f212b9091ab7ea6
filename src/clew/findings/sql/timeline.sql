-- Put everything that has a time in one order, with its precision and its clock.
WITH lines AS (
  SELECT * FROM timeline_days
  UNION ALL SELECT * FROM timeline_groups
  UNION ALL SELECT * FROM timeline_single
),
named AS (
  SELECT left(md5(concat_ws('|', kind, epoch_us("at"), chat_id, exhibit_id, what,
                            array_to_string(figures, ','), source_id,
                            locator, event_id, sha256, array_to_string(persons, ','))), 20)
           AS line_id, *
  FROM lines
),
ranked AS (
  SELECT *, row_number() OVER (PARTITION BY line_id ORDER BY until) AS rank FROM named
)
SELECT line_id, "at", until, precision, basis, corrected, kind, what, figures, weight, rows, persons,
       chat_id, exhibit_id, exhibits, sha256, event_id, source_id, locator
FROM ranked WHERE rank = 1
ORDER BY "at", weight DESC, line_id
