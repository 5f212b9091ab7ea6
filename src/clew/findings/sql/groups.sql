-- Every group, with its members by country and what was said in it.
WITH titled AS (
  SELECT g.chat_id, g.subject, g.created_at, g.creator, g.platform, g.chat_type, g.exhibit_id,
         row_number() OVER (PARTITION BY g.chat_id
                            ORDER BY g.subject IS NULL, r.last_at DESC NULLS LAST, g.exhibit_id,
                                     g.source_id, g.locator) AS rank
  FROM group_chats AS g
  LEFT JOIN source_spans AS r ON r.exhibit_id = g.exhibit_id AND r.source_id = g.source_id
),
described AS (
  SELECT chat_id, min(platform) AS platform, min(chat_type) AS chat_type,
         min(subject) FILTER (WHERE rank = 1) AS subject, min(created_at) AS created_at,
         min(creator) AS creator, sorted_set(exhibit_id) AS exhibits
  FROM titled GROUP BY chat_id
),
counted AS (
  SELECT chat_id, coalesce(country, '??') AS country, count(*) AS members
  FROM members GROUP BY chat_id, coalesce(country, '??')
),
by_country AS (
  SELECT chat_id, ordered_list(country || ' ' || CAST(members AS VARCHAR),
                               struct_pack(m := -members, c := country)) AS countries
  FROM counted GROUP BY chat_id
),
sizes AS (
  SELECT chat_id, count(*) AS members,
         count(*) FILTER (WHERE state = 'current') AS current_members,
         count(*) FILTER (WHERE role <> 'member') AS admins
  FROM members GROUP BY chat_id
),
said AS (
  SELECT chat_id, count(*) AS messages, min(sent_at) AS first_at, max(sent_at) AS last_at
  FROM group_posts GROUP BY chat_id
),
sent_files AS (
  SELECT chat_id, count(*) AS shares, CAST(sum(is_known) AS BIGINT) AS known_shares
  FROM group_shares GROUP BY chat_id
)
SELECT t.chat_id, t.platform, t.chat_type, t.subject, t.created_at,
       coalesce(p.person_id, t.creator) AS creator,
       coalesce(z.members, 0) AS members, coalesce(z.current_members, 0) AS current_members,
       coalesce(z.admins, 0) AS admins,
       coalesce(c.countries, CAST([] AS VARCHAR[])) AS countries,
       coalesce(s.messages, 0) AS messages, coalesce(f.shares, 0) AS shares,
       coalesce(f.known_shares, 0) AS known_shares, s.first_at, s.last_at, t.exhibits
FROM described AS t
LEFT JOIN sizes AS z ON z.chat_id = t.chat_id
LEFT JOIN by_country AS c ON c.chat_id = t.chat_id
LEFT JOIN said AS s ON s.chat_id = t.chat_id
LEFT JOIN sent_files AS f ON f.chat_id = t.chat_id
LEFT JOIN account_person AS p ON p.account_id = t.creator
                             AND coalesce(t.created_at, p.untimed) BETWEEN p.since AND p.until
ORDER BY t.chat_id
