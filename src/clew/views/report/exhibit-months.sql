-- Messages by exhibit and month
-- How many messages does each exhibit hold of each month?
--
-- [columns]
-- name = "Id[Exhibit]"
-- month = "int"
-- messages = "int"
SELECT exhibit_id AS name, CAST(year("at") * 12 + month("at") - 1 AS INTEGER) AS month,
       CAST(sum(rows) AS BIGINT) AS messages
FROM timeline WHERE kind = 'messages'
GROUP BY exhibit_id, CAST(year("at") * 12 + month("at") - 1 AS INTEGER)
ORDER BY name, month
