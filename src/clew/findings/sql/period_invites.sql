-- For everybody who came to a group by link: the codes that lead there, each with when it was first
-- posted in a conversation that this person was in at the time: a group, one of two, or their device
WITH came AS (
  SELECT DISTINCT coalesce(t.chat_id, g.chat_id) AS chat_id, p.person_id
  FROM (SELECT chat_id, "at", unnest(CASE WHEN len(targets) > 0 THEN targets ELSE [actor] END)
               AS account_id
        FROM group_events WHERE action = 'joined_by_link') AS g
  LEFT JOIN tied_exports AS t ON t.export_chat = g.chat_id
  JOIN account_person AS p ON p.account_id = g.account_id
                          AND coalesce(g."at", p.untimed) BETWEEN p.since AND p.until
),
leads AS (
  SELECT t.chat_id AS target, p.code, p.chat_id, p.posted_at, p.exhibits
  FROM invite_targets AS t
  JOIN invite_postings AS p ON p.platform = t.platform AND p.code = t.code
  WHERE t.chat_id IS NOT NULL AND p.posted_at IS NOT NULL
),
pairs AS (
  SELECT chat_id, split_part(split_part(chat_id, ':', 2), '@', 1) AS identifier,
         split_part(chat_id, ':', 1) AS platform
  FROM chats WHERE chat_type = 'one_to_one' GROUP BY chat_id
),
others AS (
  SELECT DISTINCT r.chat_id, p.person_id
  FROM pairs AS r
  JOIN accounts AS a ON a.identifier = r.identifier AND a.platform = r.platform
  JOIN person_accounts AS p ON p.account_id = a.account_id
),
shown AS (
  SELECT l.target, l.code, l.posted_at, m.person_id
  FROM leads AS l
  JOIN group_members AS m ON m.chat_id = l.chat_id
  WHERE coalesce(m.joined_at <= l.posted_at, TRUE) AND coalesce(m.ended_at >= l.posted_at, TRUE)
  UNION ALL
  SELECT l.target, l.code, l.posted_at, o.person_id
  FROM leads AS l JOIN others AS o ON o.chat_id = l.chat_id
  UNION ALL
  SELECT l.target, l.code, l.posted_at, h.person_id
  FROM (SELECT target, code, posted_at, unnest(exhibits) AS exhibit_id FROM leads) AS l
  JOIN holders AS h ON h.exhibit_id = l.exhibit_id
)
SELECT c.chat_id, c.person_id, s.code, epoch_us(min(s.posted_at)) AS posted_us
FROM came AS c
JOIN shown AS s ON s.target = c.chat_id AND s.person_id = c.person_id
GROUP BY c.chat_id, c.person_id, s.code
ORDER BY c.chat_id, c.person_id, posted_us, s.code
