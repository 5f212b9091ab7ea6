-- Find what is missing: where devices are silent, lack rows or messages, or begin late.
WITH found AS (
  SELECT * FROM gap_silences
  UNION ALL SELECT * FROM gap_witnesses
  UNION ALL SELECT * FROM gap_starts
  UNION ALL SELECT * FROM gap_rows
  UNION ALL SELECT * FROM gap_exports
),
-- An id is made of nothing that is masked: a number could be found from its digest.
numbered AS (
  SELECT *, row_number() OVER (
    PARTITION BY kind, exhibit_id, from_at, until_at, source_id
    ORDER BY chat_id NULLS FIRST, locator NULLS FIRST) AS nth
  FROM found
)
SELECT left(md5(concat_ws('|', kind, exhibit_id, coalesce(epoch_us(from_at), 0),
                          coalesce(epoch_us(until_at), 0), coalesce(source_id, ''), nth)), 20)
         AS gap_id,
       date_diff('second', from_at, until_at) / 86400.0 AS days, kind, strength, exhibit_id, chat_id,
       from_at, until_at, expected, chance, kept, others_hold, without(others, [exhibit_id]) AS others,
       missing_rows, recovered_rows, source_id, locator, event_ids, figures
FROM numbered
ORDER BY exhibit_id, from_at NULLS FIRST, kind, chat_id, gap_id
