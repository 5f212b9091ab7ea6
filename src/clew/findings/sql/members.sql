-- Every group, and every person that any source shows in it, with the highest standing
WITH grouped AS (
  SELECT * FROM chats
  WHERE chat_type IN ('group', 'supergroup', 'community', 'channel', 'broadcast')
),
group_ids AS (SELECT DISTINCT chat_id FROM grouped),
people AS (
  SELECT p.account_id, p.person_id, q.country
  FROM person_accounts AS p JOIN persons AS q ON q.person_id = p.person_id
  WHERE p.account_id NOT LIKE '%:service:%'
),
read_at AS (
  SELECT exhibit_id, source_id, max(last_at) AS last_at
  FROM sources GROUP BY exhibit_id, source_id
),
stands AS (
  SELECT m.chat_id, p.person_id, p.country, m.exhibit_id, m.role, m.state, m.basis,
         m.joined_at, m.ended_at, r.last_at,
         CASE m.role WHEN 'creator' THEN 2 WHEN 'admin' THEN 1 ELSE 0 END AS standing
  FROM memberships AS m
  JOIN group_ids AS g ON g.chat_id = m.chat_id
  LEFT JOIN recycled_numbers AS n
    ON n.account_id = m.account_id AND coalesce(m.joined_at, m.ended_at) >= n.again_from
  JOIN people AS p ON p.account_id = coalesce(n.later_account_id, m.account_id)
  LEFT JOIN read_at AS r ON r.exhibit_id = m.exhibit_id AND r.source_id = m.source_id
  UNION ALL
  SELECT m.chat_id, p.person_id, p.country, m.exhibit_id, 'member', 'unknown_past', 'sender_only',
         NULL, NULL, NULL, 0
  FROM messages AS m
  JOIN group_ids AS g ON g.chat_id = m.chat_id
  JOIN people AS p ON p.account_id = m.sender_account_id
  WHERE m.kind <> 'system'
  GROUP BY m.chat_id, p.person_id, p.country, m.exhibit_id
),
sent AS (
  SELECT m.merged_id, m.chat_id, coalesce(p.person_id, m.sender_account_id) AS person_id, m.sent_at,
         m.kind
  FROM merged_messages AS m
  JOIN group_ids AS g ON g.chat_id = m.chat_id
  LEFT JOIN person_accounts AS p ON p.account_id = m.sender_account_id
),
events AS (
  SELECT merged_id, chat_id, unnest(event_ids) AS event_id FROM merged_messages
),
known AS (SELECT DISTINCT sha256 FROM matches
  WHERE kind = 'known' AND tier = 'exact' AND sha256 IS NOT NULL),
shared AS (
  SELECT e.merged_id, e.chat_id, s.ordinal,
         min(s.sha256) AS sha256,
         max(CASE WHEN k.sha256 IS NOT NULL THEN 1 ELSE 0 END) AS is_known
  FROM shares AS s
  JOIN events AS e ON e.event_id = s.event_id
  JOIN group_ids AS g ON g.chat_id = e.chat_id
  LEFT JOIN known AS k ON k.sha256 = s.sha256
  GROUP BY e.merged_id, e.chat_id, s.ordinal
),
ranked AS (
  SELECT *, row_number() OVER (
    PARTITION BY chat_id, person_id
    ORDER BY CASE WHEN basis = 'roster' THEN 0 WHEN basis = 'past_roster' THEN 1
                  WHEN basis = 'event' THEN 2 ELSE 3 END,
             last_at DESC NULLS LAST, exhibit_id, state, standing DESC) AS place
  FROM stands
),
wrote AS (
  SELECT chat_id, person_id, count(*) AS messages
  FROM sent WHERE kind <> 'system' AND person_id IS NOT NULL GROUP BY chat_id, person_id
),
gave AS (
  SELECT h.chat_id, s.person_id, count(*) AS shares
  FROM shared AS h JOIN sent AS s ON s.merged_id = h.merged_id
  WHERE s.person_id IS NOT NULL GROUP BY h.chat_id, s.person_id
),
stood AS (
  SELECT chat_id, person_id, min(country) AS country, max(standing) AS standing,
         min(state) FILTER (WHERE place = 1) AS state,
         min(joined_at) AS joined_at, max(ended_at) AS ended_at,
         array_agg(DISTINCT exhibit_id ORDER BY exhibit_id) AS exhibits,
         array_agg(DISTINCT basis ORDER BY basis) AS basis
  FROM ranked GROUP BY chat_id, person_id
),
members AS (
  SELECT s.*, CASE s.standing WHEN 2 THEN 'creator' WHEN 1 THEN 'admin' ELSE 'member' END AS role,
         coalesce(w.messages, 0) AS messages, coalesce(g.shares, 0) AS shares
  FROM stood AS s
  LEFT JOIN wrote AS w ON w.chat_id = s.chat_id AND w.person_id = s.person_id
  LEFT JOIN gave AS g ON g.chat_id = s.chat_id AND g.person_id = s.person_id
)
