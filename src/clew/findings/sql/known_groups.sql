-- Groups of each device with its first and last message there
SELECT exhibit_id, chat_id, min(sent_at) AS first_at, max(sent_at) AS last_at, count(*) AS messages,
       arg_min(event_id, {'a': sent_at, 'e': event_id}) AS first_event
FROM (SELECT unnest(witnesses) AS exhibit_id, chat_id, sent_at, event_ids[1] AS event_id
      FROM group_messages)
GROUP BY exhibit_id, chat_id
