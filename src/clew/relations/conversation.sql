-- One row per message as it is read: merged from all its copies, with its sender, its conversation's
-- subject, and the event and file of its first copy. The local time stands where there is no other.
WITH copies AS (
  SELECT merged_id, min(event_id) AS event_id FROM merged_copies GROUP BY merged_id
),
files AS (
  SELECT c.merged_id, min(s.sha256) AS sha256
  FROM merged_copies AS c JOIN shares AS s ON s.event_id = c.event_id
  GROUP BY c.merged_id
)
SELECT s.merged_id, s.sent_at, CASE WHEN s.sent_at IS NULL THEN s.sent_local END AS sent_local,
       t.subject, s.person_id, s.kind, f.sha256, s.chat_id, s.witnesses AS exhibits, s.texts,
       c.event_id
FROM sender AS s
JOIN copies AS c ON c.merged_id = s.merged_id
LEFT JOIN files AS f ON f.merged_id = s.merged_id
LEFT JOIN chat_subjects AS t ON t.chat_id = s.chat_id
