-- Put everything that has a time in one order, with its precision and its clock.
WITH lines AS (
  SELECT * FROM timeline_days
  UNION ALL SELECT * FROM timeline_groups
  UNION ALL SELECT * FROM timeline_single
),
-- An id is made of nothing that is masked: a number could be found from its digest.
ranked AS (
  SELECT *, row_number() OVER (
    PARTITION BY kind, "at", chat_id, exhibit_id, what, array_to_string(figures, ','), source_id,
                 locator, event_id, sha256, array_to_string(persons, ',')
    ORDER BY until) AS rank
  FROM lines
),
numbered AS (
  SELECT *, row_number() OVER (
    PARTITION BY kind, "at", exhibit_id, what, source_id, event_id, sha256
    ORDER BY chat_id NULLS FIRST, locator NULLS FIRST, array_to_string(persons, ','),
             array_to_string(figures, ',')) AS nth
  FROM ranked WHERE rank = 1
),
named AS (
  SELECT left(md5(concat_ws('|', kind, epoch_us("at"), exhibit_id, what, coalesce(source_id, ''),
                            coalesce(event_id, ''), coalesce(sha256, ''), nth)), 20) AS line_id, *
  FROM numbered
)
SELECT line_id, "at", until, precision, basis, corrected, kind, what, figures, weight, rows, persons,
       chat_id, exhibit_id, exhibits, sha256, event_id, source_id, locator
FROM named
ORDER BY "at", weight DESC, line_id
