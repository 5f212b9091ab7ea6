-- Conversations that were exported as text, each with the conversation of the databases that most votes
-- are for. It is taken for that where three messages say so at least, and five times as many as say
-- any other; or as an analyst judged last.
WITH counted AS (
  SELECT export_chat, chat_id, count(DISTINCT CASE WHEN counts THEN event_id END) AS votes,
         count(DISTINCT event_id) AS of_all
  FROM export_anchors GROUP BY export_chat, chat_id
),
ranked AS (
  SELECT *, row_number() OVER (PARTITION BY export_chat ORDER BY votes DESC, chat_id) AS rank,
         lead(of_all, 1, 0) OVER (PARTITION BY export_chat ORDER BY votes DESC, chat_id) AS others
  FROM counted
),
voted AS (SELECT * FROM ranked WHERE rank = 1),
judged AS (
  SELECT export_chat, max(number) AS number, max_by(chat_id, number) AS last_chat,
         max_by(chat_id IS NOT NULL, number) AS tied
  FROM export_judgements WHERE counts AND export_chat IS NOT NULL GROUP BY export_chat
)
SELECT coalesce(j.export_chat, v.export_chat) AS export_chat,
       CASE WHEN j.tied THEN j.last_chat ELSE v.chat_id END AS chat_id,
       coalesce(CASE WHEN j.tied THEN c.votes ELSE v.votes END, 0) AS votes,
       CASE WHEN c.chat_id <> v.chat_id THEN v.of_all ELSE coalesce(v.others, 0) END AS others,
       coalesce(j.tied, v.votes >= 3 AND v.votes >= 5 * v.others) AS tied, j.number AS judgement
FROM voted AS v
FULL OUTER JOIN judged AS j ON j.export_chat = v.export_chat
LEFT JOIN counted AS c ON c.export_chat = j.export_chat AND c.chat_id = j.last_chat
WHERE j.tied OR v.chat_id IS NOT NULL
ORDER BY export_chat
