-- One row per exhibit and group: from when to when the exhibit holds it, and the group is known to
-- live.
WITH lives AS (
  SELECT chat_id, epoch_us(least(min(joined_at), min(sent_at))) AS begins_us,
         epoch_us(greatest(max(ended_at), max(sent_at))) AS ends_us
  FROM (
    SELECT chat_id, joined_at, ended_at, CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS sent_at
    FROM group_members
    UNION ALL
    SELECT chat_id, NULL, NULL, sent_at FROM merged_messages
  ) AS known GROUP BY chat_id
)
SELECT m.chat_id, m.exhibit_id, epoch_us(min(m.sent_at)) AS begins_us,
       epoch_us(max(m.sent_at)) AS ends_us,
       min(l.begins_us) AS life_begins_us, max(l.ends_us) AS life_ends_us
FROM messages AS m
JOIN (SELECT DISTINCT chat_id FROM groups) AS g ON g.chat_id = m.chat_id
JOIN lives AS l ON l.chat_id = m.chat_id
WHERE m.sent_at IS NOT NULL AND m.kind <> 'system'
GROUP BY m.chat_id, m.exhibit_id
