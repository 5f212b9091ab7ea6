-- Coverage of packages, by reason
-- What do senders say that their packages lack, and why?
--
-- columns.rows = "int"
SELECT origin, package_id, kind, reason, CAST(sum(rows) AS BIGINT) AS rows
FROM received_coverage
WHERE kind <> 'sent' AND NOT (kind = 'persons' AND reason = 'named') AND rows > 0
GROUP BY origin, package_id, kind, reason
ORDER BY origin, package_id, kind DESC, rows DESC, reason
