-- One row per text export that looks cut short at the messenger's limit
SELECT 'cut_export' AS kind, 'stated' AS strength, exhibit_id, CAST(NULL AS VARCHAR) AS chat_id,
       CAST(NULL AS TIMESTAMPTZ) AS from_at, first_at AS until_at, CAST(NULL AS DOUBLE) AS expected, CAST(NULL AS DOUBLE) AS chance, rows_emitted AS kept,
       0 AS others_hold, CAST([] AS VARCHAR[]) AS others, CAST(NULL AS BIGINT) AS missing_rows, 0 AS recovered_rows,
       source_id, locator, CAST([] AS VARCHAR[]) AS event_ids,
       CAST([] AS VARCHAR[]) AS figures
FROM sources WHERE truncated_suspect
