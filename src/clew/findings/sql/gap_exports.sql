-- Text exports that look cut short at the messenger's limit
SELECT 'cut_export' AS kind, 'stated' AS strength, exhibit_id, NULL AS chat_id,
       NULL AS from_at, first_at AS until_at, NULL AS expected, NULL AS chance, rows_emitted AS held,
       0 AS others_hold, CAST([] AS VARCHAR[]) AS others, NULL AS missing_rows, 0 AS recovered_rows,
       source_id, locator, CAST([] AS VARCHAR[]) AS event_ids,
       'the export has ' || rows_emitted || ' messages, near the limit at which the messenger cuts '
         || 'exports short: older messages may be missing' AS reason
FROM sources WHERE truncated_suspect
