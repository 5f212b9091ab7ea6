-- One row per copy of a merged message, in databases and in exports.
WITH copies AS (
  SELECT merged_id, chat_id, sent_at, time_basis, witnesses, sender_account_id,
         unnest(event_ids) AS event_id
  FROM merged_messages
)
SELECT c.merged_id, c.chat_id, c.sent_at, c.time_basis, c.witnesses, c.sender_account_id, c.event_id,
       FALSE AS exported
FROM copies AS c LEFT JOIN exported_copies AS x ON x.event_id = c.event_id
WHERE x.event_id IS NULL
UNION ALL
SELECT m.merged_id, m.chat_id, m.sent_at, m.time_basis, m.witnesses, m.sender_account_id,
       x.event_id, TRUE
FROM exported_copies AS x JOIN merged_messages AS m ON m.merged_id = x.merged_id
