-- Timeline
-- What happened when, by which clock, and what shows it?
--
-- first = ["at", "subject", "persons", "what"]
-- times = ["at", "until"]
SELECT t.*, g.subject
FROM timeline AS t LEFT JOIN groups AS g ON g.chat_id = t.chat_id
ORDER BY "at", weight DESC, line_id
