-- Messages beside others
-- Which messages stand before and after these in their conversations?
--
-- first = ["sent_at", "sent_local", "subject", "person_id", "event_id", "kind"]
-- times = ["sent_at", "sent_at"]
-- parameters = { hits = [], context = 0 }
-- [columns]
-- hit = "bool"
-- subject = "GroupName"
-- person_id = "Id[Person]"
-- text = "FreeText"
-- kind = "Term"
-- sha256 = "Hash"
-- exhibits = "tuple[Id[Exhibit], ...]"
-- event_id = "Id[Message]"
-- chat_id = "Id[Chat]"
-- sent_at = "datetime"
-- sent_local = "LocalTime"
-- texts = "int"
WITH hits AS (
  SELECT chat_id, event_id FROM conversation WHERE event_id IN (SELECT unnest($hits))
),
numbered AS (
  SELECT c.*, h.event_id IS NOT NULL AS hit,
         row_number() OVER (
           PARTITION BY c.chat_id ORDER BY c.sent_at, c.sent_local, c.event_id
         ) AS number
  FROM conversation AS c
  LEFT JOIN hits AS h ON h.event_id = c.event_id
  WHERE c.chat_id IN (SELECT chat_id FROM hits)
),
near AS (
  SELECT DISTINCT n.event_id
  FROM numbered AS n
  JOIN numbered AS h ON h.hit AND h.chat_id = n.chat_id
                    AND n.number BETWEEN h.number - $context AND h.number + $context
)
SELECT n.hit, n.sent_at, n.sent_local, n.subject, n.person_id, n.kind, m."text", n.sha256,
       n.chat_id, n.exhibits, n.texts, n.event_id
FROM numbered AS n JOIN near AS x ON x.event_id = n.event_id
JOIN messages AS m ON m.event_id = n.event_id
ORDER BY chat_id, sent_at, sent_local, event_id
