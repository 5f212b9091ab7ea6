-- One row per copy of a merged message.
SELECT merged_id, chat_id, sent_at, time_basis, witnesses, sender_account_id,
       unnest(event_ids) AS event_id
FROM merged_messages
