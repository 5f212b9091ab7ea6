-- What weighs most
-- Which lines of the timeline weigh most?
--
-- parameters = { most = 200 }
WITH heaviest AS (
  SELECT * FROM timeline WHERE weight >= 2
  ORDER BY weight DESC, len(exhibits) DESC, rows DESC, "at", line_id LIMIT $most
)
SELECT t.*, g.subject
FROM heaviest AS t LEFT JOIN groups AS g ON g.chat_id = t.chat_id
ORDER BY "at", line_id
