-- One row per message of a text export that has a time, by its own clock: what was said, which of a
-- file is the caption, since nobody wrote what stands for the file in the text.
SELECT m.event_id, m.chat_id AS export_chat, m.sender_account_id AS label_account_id, p.platform,
       m.kind, m.locator, m.ts_precision, TRY_CAST(m.sent_local AS TIMESTAMP) AS local_at, f.sha256,
       coalesce(f.files, 0) > 0 AS has_file,
       CASE WHEN f.files > 0 THEN f.caption ELSE m.text END AS said
FROM messages AS m
JOIN chat_platforms AS p ON p.chat_id = m.chat_id
LEFT JOIN event_files AS f ON f.event_id = m.event_id
WHERE m.message_key IS NULL AND m.sent_at IS NULL AND m.kind <> 'system'
  AND TRY_CAST(m.sent_local AS TIMESTAMP) IS NOT NULL
