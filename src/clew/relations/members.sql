-- One row per group and person whom any source shows in it, with the person's highest standing. Who is
-- known by a name in an export alone is none of them.
WITH stands AS (
  SELECT g.group_id AS chat_id, p.person_id, q.country, m.exhibit_id, m.role, m.state, m.basis,
         m.joined_at, m.ended_at, r.last_at,
         CASE m.role WHEN 'creator' THEN 2 WHEN 'admin' THEN 1 ELSE 0 END AS standing
  FROM memberships AS m
  JOIN group_ids AS g ON g.chat_id = m.chat_id
  JOIN account_person AS p ON p.account_id = m.account_id
   AND coalesce(m.joined_at, m.ended_at, p.untimed) BETWEEN p.since AND p.until
  JOIN persons AS q ON q.person_id = p.person_id AND NOT q.named_only
  LEFT JOIN source_spans AS r ON r.exhibit_id = m.exhibit_id AND r.source_id = m.source_id
  UNION ALL
  SELECT g.group_id, p.person_id, q.country, m.exhibit_id, 'member', 'unknown_past', 'sender_only',
         NULL, NULL, NULL, 0
  FROM messages AS m
  JOIN group_ids AS g ON g.chat_id = m.chat_id
  JOIN account_person AS p ON p.account_id = m.sender_account_id
   AND coalesce(m.sent_at, p.untimed) BETWEEN p.since AND p.until
  JOIN persons AS q ON q.person_id = p.person_id AND NOT q.named_only
  WHERE m.kind <> 'system'
  GROUP BY g.group_id, p.person_id, q.country, m.exhibit_id
),
ranked AS (
  SELECT *, row_number() OVER (
    PARTITION BY chat_id, person_id
    ORDER BY CASE WHEN basis = 'roster' THEN 0 WHEN basis = 'past_roster' THEN 1
                  WHEN basis = 'event' THEN 2 ELSE 3 END,
             last_at DESC NULLS LAST, exhibit_id, state, standing DESC) AS rank
  FROM stands
),
wrote AS (
  SELECT chat_id, person_id, count(*) AS messages
  FROM group_posts WHERE kind <> 'system' AND person_id IS NOT NULL GROUP BY chat_id, person_id
),
gave AS (
  SELECT h.chat_id, s.person_id, count(*) AS shares
  FROM group_shares AS h JOIN group_posts AS s ON s.merged_id = h.merged_id
  WHERE s.person_id IS NOT NULL GROUP BY h.chat_id, s.person_id
),
stood AS (
  SELECT chat_id, person_id, min(country) AS country, max(standing) AS standing,
         min(CASE WHEN rank = 1 THEN state END) AS state,
         min(joined_at) AS joined_at, max(ended_at) AS ended_at,
         sorted_set(exhibit_id) AS exhibits, sorted_set(basis) AS basis
  FROM ranked GROUP BY chat_id, person_id
)
SELECT s.chat_id, s.person_id, s.country, s.state, s.joined_at, s.ended_at, s.exhibits, s.basis,
       CASE s.standing WHEN 2 THEN 'creator' WHEN 1 THEN 'admin' ELSE 'member' END AS role,
       coalesce(w.messages, 0) AS messages, coalesce(g.shares, 0) AS shares
FROM stood AS s
LEFT JOIN wrote AS w ON w.chat_id = s.chat_id AND w.person_id = s.person_id
LEFT JOIN gave AS g ON g.chat_id = s.chat_id AND g.person_id = s.person_id
