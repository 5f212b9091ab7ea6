-- Groups of the report
-- Which groups are there, from when until when, and how many known files were sent in each?
--
-- [columns]
-- known = "int"
WITH sent AS (SELECT chat_id, count(*) AS known FROM known_sendings GROUP BY chat_id)
SELECT g.*, coalesce(s.known, 0) AS known
FROM groups AS g LEFT JOIN sent AS s ON s.chat_id = g.chat_id
ORDER BY coalesce(created_at, first_at) NULLS LAST, chat_id
