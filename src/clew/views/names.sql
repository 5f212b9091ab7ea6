-- Names that could not be tied
-- Which names do text exports show that could not be tied to an account, in which group, and how often?
--
-- [columns]
-- messages = "int"
WITH said AS (
  SELECT person_id, chat_id, count(*) AS messages FROM sender GROUP BY person_id, chat_id
)
SELECT p.person_id, p.names, s.chat_id, g.subject, coalesce(s.messages, 0) AS messages
FROM persons AS p
LEFT JOIN said AS s ON s.person_id = p.person_id
LEFT JOIN groups AS g ON g.chat_id = s.chat_id
WHERE p.named_only
ORDER BY chat_id NULLS LAST, messages DESC, person_id
