-- Long texts that stand once in an export and once in the databases: local time beside UTC
WITH exported AS (
  SELECT source_id, min(exhibit_id) AS exhibit_id, text_normal, min(sent_local) AS sent_local
  FROM messages
  WHERE tz_basis = 'export_local' AND length(text_normal) >= 16 AND sent_local IS NOT NULL
    AND (date_order IS NULL OR date_order <> 'ambiguous')
  GROUP BY source_id, text_normal HAVING count(*) = 1
),
dated AS (
  SELECT text_normal, min(sent_at) AS sent_at FROM messages
  WHERE tz_basis = 'utc' AND length(text_normal) >= 16 AND sent_at IS NOT NULL
    AND NOT coalesce(from_owner, FALSE)
  GROUP BY text_normal
  HAVING count(DISTINCT coalesce(message_key, event_id)) = 1
)
SELECT e.exhibit_id, e.source_id, epoch_us(d.sent_at) AS sent_us,
       epoch_us(TRY_CAST(e.sent_local AS TIMESTAMP)) AS local_us
FROM exported AS e JOIN dated AS d ON d.text_normal = e.text_normal
WHERE abs(date_diff('minute', d.sent_at, CAST(TRY_CAST(e.sent_local AS TIMESTAMP) AS TIMESTAMPTZ)))
      <= 15 * 60  -- no zone is further from UTC; anything else is another message of that text
ORDER BY e.source_id, sent_us, local_us
