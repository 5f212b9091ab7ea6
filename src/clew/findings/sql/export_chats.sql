-- Conversations that were exported as text, each with the conversation of the databases that most votes
-- are for. It is taken for that where three messages say so at least, and five times as many as say
-- any other.
WITH counted AS (
  SELECT export_chat, chat_id, count(DISTINCT CASE WHEN counts THEN event_id END) AS votes,
         count(DISTINCT event_id) AS of_all
  FROM export_anchors GROUP BY export_chat, chat_id
),
ranked AS (
  SELECT *, row_number() OVER (PARTITION BY export_chat ORDER BY votes DESC, chat_id) AS rank,
         lead(of_all, 1, 0) OVER (PARTITION BY export_chat ORDER BY votes DESC, chat_id) AS others
  FROM counted
)
SELECT export_chat, chat_id, votes, others, votes >= 3 AND votes >= 5 * others AS tied
FROM ranked WHERE rank = 1
ORDER BY export_chat
