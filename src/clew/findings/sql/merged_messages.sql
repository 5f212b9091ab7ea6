-- One row per message: copies with the same key are one message if at most one known sender
-- stands behind them; with two or more (old short ids collide), each sender's copies stay apart,
-- and copies without a known sender stay apart from both.
WITH copies AS (
  SELECT m.*, coalesce(p.person_id, m.sender_account_id) AS person_id,
         CASE WHEN m.sender_account_id LIKE '%:owner:%' THEN NULL
              ELSE coalesce(p.person_id, m.sender_account_id) END AS known_person
  FROM messages AS m
  LEFT JOIN person_accounts AS p ON p.account_id = m.sender_account_id
),
keys AS (
  SELECT message_key, count(DISTINCT known_person) AS known_senders
  FROM copies WHERE message_key IS NOT NULL GROUP BY message_key
),
named AS (
  SELECT c.*,
         CASE WHEN c.message_key IS NULL THEN c.event_id
              WHEN k.known_senders <= 1 THEN c.message_key
              ELSE c.message_key || '|' || coalesce(c.known_person, c.event_id) END AS merged_id
  FROM copies AS c LEFT JOIN keys AS k ON k.message_key = c.message_key
)
SELECT merged_id,
       min(message_key) AS message_key,
       min(chat_id) AS chat_id,
       coalesce(min(sender_account_id) FILTER (WHERE known_person = sender_account_id),
                min(sender_account_id) FILTER (WHERE known_person IS NOT NULL),
                min(sender_account_id)) AS sender_account_id,
       coalesce(min(kind) FILTER (WHERE kind <> 'deleted'), min(kind)) AS kind,
       min(sent_at) AS sent_at,
       min(sent_local) AS sent_local,
       count(DISTINCT source_id) AS sources,
       array_agg(DISTINCT exhibit_id ORDER BY exhibit_id) AS witnesses,
       array_agg(DISTINCT event_id ORDER BY event_id) AS event_ids,
       count(DISTINCT text) FILTER (WHERE kind <> 'deleted') AS texts,
       count(DISTINCT person_id) AS senders,
       coalesce(array_agg(DISTINCT exhibit_id ORDER BY exhibit_id)
                FILTER (WHERE kind = 'deleted' OR deleted_at IS NOT NULL),
                CAST([] AS VARCHAR[])) AS deleted_on
FROM named
GROUP BY merged_id
ORDER BY merged_id
