-- Not read
-- What could not be read, where, and why?
--
-- first = ["path", "severity", "code", "exhibit_id", "locator"]
SELECT exhibit_id, path, locator, severity, code, figures, reader FROM unread
ORDER BY code = 'same_content',
         NOT (starts_with(code, 'looks_like_chat') OR code = 'no_reader:product'),
         CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END,
         exhibit_id, path, locator, code, reader
