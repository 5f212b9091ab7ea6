-- One row per share of a content by a person at a known time, with what is known of it.
WITH hops AS (
  SELECT e.merged_id, max(coalesce(m.forward_count, 0)) AS hops
  FROM merged_copies AS e
  JOIN messages AS m ON m.event_id = e.event_id
  WHERE m.forward_count > 0 GROUP BY e.merged_id
),
private AS (SELECT DISTINCT chat_id FROM chats WHERE chat_type = 'one_to_one')
SELECT coalesce(t.cluster_id, s.sha256) AS cluster_id, s.sha256, s.merged_id, s.event_id, s.chat_id,
       s.person_id, epoch_us(s.sent_at) AS at_us, s.forwarded,
       CAST(least(coalesce(h.hops, 0), 5) AS BIGINT) AS hops, s.witnesses, s.size,
       p.chat_id IS NOT NULL AS private, coalesce(t.known, FALSE) AS known
FROM shared AS s
LEFT JOIN content_cluster AS t ON t.sha256 = s.sha256
LEFT JOIN hops AS h ON h.merged_id = s.merged_id
LEFT JOIN private AS p ON p.chat_id = s.chat_id
WHERE s.sent_at IS NOT NULL AND s.person_id IS NOT NULL
