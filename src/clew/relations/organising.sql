-- One row per person who leads groups, brings people in or puts them out.
WITH led AS (
  SELECT person_id, count(*) AS groups,
         count(*) FILTER (WHERE role <> 'member') AS admin_of
  FROM group_members GROUP BY person_id
),
created AS (
  SELECT creator AS person_id, count(*) AS created FROM groups
  WHERE creator IS NOT NULL GROUP BY creator
),
acts AS (
  SELECT coalesce(p.person_id, e.actor) AS person_id, coalesce(t.chat_id, e.chat_id) AS chat_id,
         e.action, e."at",
         unnest(e.targets) AS target
  FROM group_events AS e
  LEFT JOIN tied_exports AS t ON t.export_chat = e.chat_id
  LEFT JOIN account_person AS p ON p.account_id = e.actor
                             AND coalesce(e."at", p.untimed) BETWEEN p.since AND p.until
  WHERE e.actor IS NOT NULL AND e.action IN ('added', 'removed')
),
-- every exhibit that saw it has its own row: each person counts once in each group
moved AS (
  SELECT a.person_id, a.action, count(DISTINCT a.chat_id || ' ' || coalesce(q.person_id, a.target))
         AS persons, count(DISTINCT a.chat_id) AS chats
  FROM acts AS a
  LEFT JOIN account_person AS q ON q.account_id = a.target
                             AND coalesce(a."at", q.untimed) BETWEEN q.since AND q.until
  WHERE coalesce(q.person_id, a.target) <> a.person_id
  GROUP BY a.person_id, a.action
),
posted AS (
  SELECT person_id, count(*) AS postings, count(DISTINCT code) AS codes FROM invite_postings
  WHERE person_id IS NOT NULL GROUP BY person_id
)
SELECT l.person_id, q.country, l.groups, l.admin_of, coalesce(c.created, 0) AS created,
       coalesce(a.persons, 0) AS added, coalesce(a.chats, 0) AS added_in,
       coalesce(r.persons, 0) AS removed, coalesce(i.postings, 0) AS postings,
       coalesce(i.codes, 0) AS codes
FROM led AS l
LEFT JOIN created AS c ON c.person_id = l.person_id
LEFT JOIN moved AS a ON a.person_id = l.person_id AND a.action = 'added'
LEFT JOIN moved AS r ON r.person_id = l.person_id AND r.action = 'removed'
LEFT JOIN posted AS i ON i.person_id = l.person_id
LEFT JOIN persons AS q ON q.person_id = l.person_id
WHERE l.admin_of > 0 OR c.created > 0 OR a.persons > 0
