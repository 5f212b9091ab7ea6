-- Find messages that a text export and a database both have: each votes for a conversation and a sender.
SELECT event_id, export_chat, label_account_id, chat_id, other_event_id, account_id, clock_minutes,
       counts
FROM export_anchors
ORDER BY event_id, other_event_id
