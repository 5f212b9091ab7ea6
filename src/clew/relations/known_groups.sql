-- One row per device and group, with the first and the last message of the group on the device.
WITH seen AS (
  SELECT unnest(witnesses) AS exhibit_id, chat_id, sent_at, event_ids[1] AS event_id
  FROM group_messages
)
SELECT exhibit_id, chat_id, min(sent_at) AS first_at, max(sent_at) AS last_at, count(*) AS messages,
       min_by(event_id, struct_pack(a := sent_at, e := event_id)) AS first_event
FROM seen
GROUP BY exhibit_id, chat_id
