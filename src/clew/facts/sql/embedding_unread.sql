-- Pictures of an exhibit that the model said nothing of.
SELECT DISTINCT $exhibit AS exhibit_id, source_id, locator, item_id, path, reader, severity, code,
       reason
FROM staged_unread
ORDER BY source_id, code, reason
