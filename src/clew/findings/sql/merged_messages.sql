-- Merge the copies of each message that several devices kept, by the messenger's own id.
-- Copies with the same key are one message. Ids of 16 characters and more are random, and where
-- senders differ there that is shown as a contradiction. Old short ids collide: with two or more
-- known senders each sender's copies stay apart, and copies without a known sender stay apart from
-- both. Most messages have one copy, and need no merging. Messages without an id are one where they
-- are the same row of a file that several exhibits have, to the byte; a thread that one exhibit keeps as
-- two exports goes by the one that is dated.
WITH keys AS (
  SELECT coalesce(m.message_key, w.copy_of) AS copy_key,
         CASE WHEN length(regexp_extract(coalesce(m.message_key, w.copy_of), '[^/]*$')) >= 16 THEN 1
              ELSE count(DISTINCT CASE WHEN o.account_id IS NULL
                                       THEN coalesce(p.person_id, m.sender_account_id) END)
         END AS known_senders
  FROM messages AS m
  LEFT JOIN keyless_copies AS w ON w.event_id = m.event_id
  LEFT JOIN account_person AS p ON p.account_id = m.sender_account_id
                               AND coalesce(m.sent_at, p.untimed) BETWEEN p.since AND p.until
  LEFT JOIN nameless_owners AS o ON o.account_id = m.sender_account_id
  WHERE m.message_key IS NOT NULL OR w.copy_of IS NOT NULL
  GROUP BY coalesce(m.message_key, w.copy_of)
  HAVING count(*) > 1
),
stamped AS (
  SELECT m.message_key, coalesce(m.message_key, w.copy_of) AS copy_key, m.event_id,
         coalesce(t.chat_id, m.chat_id) AS chat_id, m.kind, m.corrected_at, m.time_basis, m.sent_local,
         m.source_id, m.exhibit_id, m.text, m.deleted_at,
         coalesce(p.own_account_id, m.sender_account_id) AS sender_account_id,
         coalesce(p.person_id, m.sender_account_id) AS person_id,
         CASE WHEN o.account_id IS NULL THEN coalesce(p.person_id, m.sender_account_id) END
           AS known_person
  FROM corrected_times AS m
  LEFT JOIN keyless_copies AS w ON w.event_id = m.event_id
  LEFT JOIN tied_exports AS t ON t.export_chat = m.chat_id
  LEFT JOIN account_person AS p ON p.account_id = m.sender_account_id
                               AND coalesce(m.sent_at, p.untimed) BETWEEN p.since AND p.until
  LEFT JOIN nameless_owners AS o ON o.account_id = m.sender_account_id
),
single AS (
  SELECT coalesce(m.message_key, m.event_id) AS merged_id, m.message_key, m.chat_id,
         m.sender_account_id, m.kind, m.corrected_at AS sent_at, m.time_basis, m.sent_local,
         1 AS sources,
         [m.exhibit_id] AS witnesses, [m.event_id] AS event_ids,
         CASE WHEN m.text IS NOT NULL AND m.kind <> 'deleted' THEN 1 ELSE 0 END AS texts,
         CASE WHEN m.sender_account_id IS NOT NULL THEN 1 ELSE 0 END AS senders,
         CASE WHEN m.kind = 'deleted' OR m.deleted_at IS NOT NULL THEN [m.exhibit_id]
              ELSE CAST([] AS VARCHAR[]) END AS deleted_on
  FROM stamped AS m
  LEFT JOIN keys AS k ON k.copy_key = m.copy_key
  WHERE k.copy_key IS NULL
),
named AS (
  SELECT m.*, CASE WHEN k.known_senders <= 1 THEN m.copy_key
                   ELSE m.copy_key || '|' || coalesce(m.known_person, m.event_id) END
                AS merged_id
  FROM stamped AS m
  JOIN keys AS k ON k.copy_key = m.copy_key
),
merged AS (
  SELECT merged_id,
         min(message_key) AS message_key,
         min(chat_id) AS chat_id,
         coalesce(min(sender_account_id) FILTER (WHERE known_person = sender_account_id),
                  min(sender_account_id) FILTER (WHERE known_person IS NOT NULL),
                  min(sender_account_id)) AS sender_account_id,
         coalesce(min(kind) FILTER (WHERE kind <> 'deleted'), min(kind)) AS kind,
         coalesce(min(corrected_at) FILTER (WHERE time_basis = 'server'),
                  min(corrected_at) FILTER (WHERE time_basis = 'corrected'),
                  min(corrected_at)) AS sent_at,
         coalesce(min(time_basis) FILTER (WHERE time_basis = 'server'),
                  min(time_basis) FILTER (WHERE time_basis = 'corrected'),
                  min(time_basis) FILTER (WHERE time_basis <> 'none'), 'none') AS time_basis,
         min(sent_local) AS sent_local,
         count(DISTINCT source_id) AS sources,
         sorted_set(exhibit_id) AS witnesses,
         sorted_set(event_id) AS event_ids,
         count(DISTINCT text) FILTER (WHERE kind <> 'deleted') AS texts,
         count(DISTINCT person_id) AS senders,
         sorted_set(CASE WHEN kind = 'deleted' OR deleted_at IS NOT NULL THEN exhibit_id END)
           AS deleted_on
  FROM named
  GROUP BY merged_id
)
SELECT * FROM single
UNION ALL
SELECT * FROM merged
ORDER BY merged_id
