-- Shares of files whose hash is known, each message once, with the person who sent it
WITH merged AS (
  SELECT merged_id, chat_id, sent_at, witnesses, unnest(event_ids) AS event_id
  FROM merged_messages
),
shared AS (
  SELECT s.sha256, m.merged_id,
         min(m.chat_id) AS chat_id,
         min(coalesce(m.sent_at, s.sent_at)) AS sent_at,
         min(s.event_id) AS event_id,
         coalesce(min(s.sender_account_id) FILTER (WHERE s.sender_account_id NOT LIKE '%:owner:%'),
                  min(s.sender_account_id)) AS account_id,
         max(CASE WHEN coalesce(s.is_forwarded, FALSE) OR coalesce(s.forward_count, 0) > 0
                  THEN 1 ELSE 0 END) AS forwarded,
         min(m.witnesses) AS witnesses,
         min(s.media_type) AS media_type, min(s.size) AS size
  FROM shares AS s JOIN merged AS m ON m.event_id = s.event_id
  WHERE s.sha256 IS NOT NULL
  GROUP BY s.sha256, m.merged_id
),
sent AS (
  SELECT s.*, coalesce(p.person_id, s.account_id) AS person_id, q.country,
         coalesce(len(q.is_owner_of), 0) > 0 AS is_holder
  FROM shared AS s
  LEFT JOIN person_accounts AS p ON p.account_id = s.account_id
  LEFT JOIN persons AS q ON q.person_id = p.person_id
)
