-- Structures without a reader
-- Which files have a structure that no reader understands, the heaviest first?
--
-- of = ["unread"]
SELECT u.exhibit_id, u.path, u.severity, u.code, u.figures, i.size
FROM unread AS u JOIN items AS i ON i.item_id = u.item_id
WHERE starts_with(u.code, 'looks_like_chat') OR starts_with(u.code, 'no_reader')
ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END,
         NOT starts_with(code, 'looks_like_chat'), size DESC, exhibit_id, path, code, figures
