-- Every invitation with the place it stands in: a message that several devices kept is one place.
-- A record that a messenger keeps of its own group's link says where it leads; it is no posting.
WITH events AS (
  SELECT merged_id, unnest(event_ids) AS event_id FROM merged_messages
),
subjects AS (
  SELECT chat_id, min(subject) AS subject FROM chats WHERE subject IS NOT NULL GROUP BY chat_id
),
files AS (
  SELECT s.exhibit_id, s.source_id, min(i.path) AS path, min(i.item_id) AS item_id
  FROM sources AS s JOIN items AS i ON i.item_id = s.item_id
  GROUP BY s.exhibit_id, s.source_id
),
seen AS (
  SELECT i.*, coalesce(f.path, '') AS path,
         coalesce(e.merged_id, i.event_id, coalesce(f.item_id, i.source_id) || '#' || i.locator)
           AS place,
         coalesce(p.person_id, i.seen_account_id) AS person_id,
         i.found_in <> 'channel_record' AS is_posting
  FROM invites AS i
  LEFT JOIN events AS e ON e.event_id = i.event_id
  LEFT JOIN files AS f ON f.exhibit_id = i.exhibit_id AND f.source_id = i.source_id
  LEFT JOIN person_accounts AS p ON p.account_id = i.seen_account_id
)
