-- What was not read on the exhibits that rows go of, by why
-- Tables in memory: sent_exhibits.
SELECT u.exhibit_id, u.severity, u.code, count(*) AS times
FROM unread AS u JOIN sent_exhibits AS e ON e.exhibit_id = u.exhibit_id
GROUP BY u.exhibit_id, u.severity, u.code
ORDER BY u.exhibit_id, u.severity, u.code
