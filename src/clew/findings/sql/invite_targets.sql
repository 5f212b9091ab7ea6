-- One row per invitation: a message that several devices kept counts once
WITH events AS (
  SELECT merged_id, unnest(event_ids) AS event_id FROM merged_messages
),
subjects AS (
  SELECT chat_id, min(subject) AS subject FROM chats WHERE subject IS NOT NULL GROUP BY chat_id
),
seen AS (
  SELECT i.*, coalesce(e.merged_id, i.event_id, i.source_id || i.locator) AS place,
         coalesce(p.person_id, i.seen_account_id) AS person_id
  FROM invites AS i
  LEFT JOIN events AS e ON e.event_id = i.event_id
  LEFT JOIN person_accounts AS p ON p.account_id = i.seen_account_id
)
SELECT s.code, s.platform,
       min(s.invites_to_chat_id) AS chat_id,
       coalesce(min(t.subject), min(s.group_name_stated)) AS group_name,
       count(DISTINCT s.place) AS seen,
       coalesce(array_agg(DISTINCT s.seen_chat_id ORDER BY s.seen_chat_id)
                FILTER (WHERE s.seen_chat_id IS NOT NULL), CAST([] AS VARCHAR[])) AS chats,
       coalesce(array_agg(DISTINCT s.person_id ORDER BY s.person_id)
                FILTER (WHERE s.person_id IS NOT NULL), CAST([] AS VARCHAR[])) AS persons,
       array_agg(DISTINCT s.exhibit_id ORDER BY s.exhibit_id) AS exhibits,
       min(s.seen_at) AS first_at,
       coalesce(array_agg(DISTINCT s.event_id ORDER BY s.event_id)
                FILTER (WHERE s.event_id IS NOT NULL), CAST([] AS VARCHAR[])) AS event_ids
FROM seen AS s
LEFT JOIN subjects AS t ON t.chat_id = s.invites_to_chat_id
GROUP BY s.platform, s.code
ORDER BY s.platform, s.code
