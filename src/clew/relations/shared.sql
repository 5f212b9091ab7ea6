-- One row per content and message that shared it, whichever devices kept that, with the person who
-- sent it.
WITH once AS (
  SELECT s.sha256, m.merged_id,
         min(m.chat_id) AS chat_id,
         min(coalesce(m.sent_at, s.sent_at)) AS sent_at,
         min(s.event_id) AS event_id,
         -- of what an export calls by a name, the sender whom databases name
         coalesce(min(CASE WHEN m.exported THEN m.sender_account_id
                           WHEN o.account_id IS NULL THEN s.sender_account_id END),
                  min(s.sender_account_id)) AS account_id,
         max(CASE WHEN coalesce(s.is_forwarded, FALSE) OR coalesce(s.forward_count, 0) > 0
                  THEN 1 ELSE 0 END) AS forwarded,
         min(m.witnesses) AS witnesses,
         min(s.media_type) AS media_type, min(s.size) AS size
  FROM shares AS s
  JOIN merged_copies AS m ON m.event_id = s.event_id
  LEFT JOIN nameless_owners AS o ON o.account_id = s.sender_account_id
  WHERE s.sha256 IS NOT NULL
  GROUP BY s.sha256, m.merged_id
)
SELECT s.sha256, s.merged_id, s.chat_id, s.sent_at, s.event_id,
       coalesce(p.own_account_id, s.account_id) AS account_id, s.forwarded, s.witnesses,
       s.media_type, s.size, coalesce(p.person_id, s.account_id) AS person_id, q.country,
       coalesce(len(q.is_owner_of), 0) > 0 AS is_holder
FROM once AS s
LEFT JOIN account_person AS p ON p.account_id = s.account_id
                             AND coalesce(s.sent_at, p.untimed) BETWEEN p.since AND p.until
LEFT JOIN persons AS q ON q.person_id = p.person_id
