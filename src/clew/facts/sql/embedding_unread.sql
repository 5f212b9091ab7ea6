-- Pictures of an exhibit that the model made no vector of.
-- Tables in memory: staged_unread.
SELECT DISTINCT $exhibit AS exhibit_id, source_id, locator, item_id, path, reader, severity, code,
       figures
FROM staged_unread
ORDER BY source_id, code, figures
