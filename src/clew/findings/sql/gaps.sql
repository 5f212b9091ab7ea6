-- Find what is missing: where devices are silent, lack rows or messages, or begin late.
WITH found AS (
  SELECT * FROM gap_silences
  UNION ALL SELECT * FROM gap_witnesses
  UNION ALL SELECT * FROM gap_starts
  UNION ALL SELECT * FROM gap_rows
  UNION ALL SELECT * FROM gap_exports
)
SELECT left(md5(concat_ws('|', kind, exhibit_id, chat_id, epoch_us(from_at), epoch_us(until_at),
                          source_id, locator)), 20) AS gap_id,
       date_diff('second', from_at, until_at) / 86400.0 AS days, kind, strength, exhibit_id, chat_id,
       from_at, until_at, expected, chance, held, others_hold, without(others, [exhibit_id]) AS others,
       missing_rows, recovered_rows, source_id, locator, event_ids, figures
FROM found
ORDER BY exhibit_id, from_at NULLS FIRST, kind, chat_id, gap_id
