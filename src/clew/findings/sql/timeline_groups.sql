-- What happened to groups and in them. Copies of one notice on several devices, within two minutes
-- of each other, are one line; notices of encryption and of business accounts are none.
WITH targets AS (
  SELECT g.event_id, array_agg(DISTINCT coalesce(p.person_id, g.target)
                               ORDER BY coalesce(p.person_id, g.target)) AS persons
  FROM (SELECT event_id, unnest(targets) AS target FROM group_events) AS g
  LEFT JOIN person_accounts AS p ON p.account_id = g.target
  GROUP BY g.event_id
),
created AS (
  SELECT chat_id, min(created_at) AS created_at,
         arg_min({'exhibit_id': exhibit_id, 'source_id': source_id, 'locator': locator,
                  'creator': creator},
                 {'a': created_at, 'e': exhibit_id, 's': source_id}) AS first,
         array_agg(DISTINCT exhibit_id ORDER BY exhibit_id) AS exhibits, count(*) AS rows
  FROM chats WHERE created_at IS NOT NULL AND chat_type <> 'one_to_one' GROUP BY chat_id
),
told AS (
  SELECT g.event_id, g.exhibit_id, g.source_id, g.locator, g.chat_id, g.action,
         coalesce(t.sent_at, g."at") AS told_at, coalesce(t.basis, 'device_uncorrected') AS basis,
         coalesce(t.precision, 'second') AS precision,
         coalesce(p.person_id, g.actor) AS actor,
         coalesce(x.persons, CAST([] AS VARCHAR[])) AS targets,
         g.old_value, g.new_value, g.certainty
  FROM group_events AS g
  LEFT JOIN timed_events AS t ON t.event_id = g.event_id
  LEFT JOIN person_accounts AS p ON p.account_id = g.actor
  LEFT JOIN targets AS x ON x.event_id = g.event_id
  LEFT JOIN created AS c ON c.chat_id = g.chat_id
  WHERE g.action NOT IN ('e2e_notice', 'security_notice', 'business_notice', 'call', 'unknown',
                         'other')
    AND NOT (g.action = 'created' AND c.chat_id IS NOT NULL)
),
apart AS (
  SELECT *, CASE WHEN told_at - lag(told_at) OVER alike <= INTERVAL 2 MINUTE THEN 0 ELSE 1 END
              AS begins
  FROM told WHERE told_at IS NOT NULL
  WINDOW alike AS (PARTITION BY chat_id, action, targets, coalesce(new_value, '')
                   ORDER BY told_at, event_id)
),
numbered AS (
  SELECT *, sum(begins) OVER (PARTITION BY chat_id, action, targets, coalesce(new_value, '')
                              ORDER BY told_at, event_id) AS island
  FROM apart
),
once AS (
  SELECT chat_id, action, targets, island, min(told_at) AS first_at, count(*) AS rows,
         min(actor) AS actor, min(old_value) AS old_value, min(new_value) AS new_value,
         bool_and(certainty = 'inferred') AS inferred,
         array_agg(DISTINCT exhibit_id ORDER BY exhibit_id) AS exhibits,
         arg_min({'event_id': event_id, 'exhibit_id': exhibit_id, 'source_id': source_id,
                  'locator': locator, 'basis': basis, 'precision': precision},
                 {'a': told_at, 'e': event_id}) AS first
  FROM numbered GROUP BY chat_id, action, targets, coalesce(new_value, ''), island
),
latest AS (SELECT max(last_at) AS last_at FROM groups),
quiet AS (
  SELECT g.*, e.merged_id, m.event_ids[1] AS event_id
  FROM groups AS g
  JOIN latest AS l ON g.last_at < l.last_at - INTERVAL 30 DAY
  JOIN (SELECT chat_id, max_by(merged_id, {'a': sent_at, 'e': merged_id}) AS merged_id
        FROM merged_messages WHERE sent_at IS NOT NULL GROUP BY chat_id) AS e
    ON e.chat_id = g.chat_id
  JOIN merged_messages AS m ON m.merged_id = e.merged_id
  WHERE len(g.exhibits) > 0
),
changed AS (
  SELECT a.a, a.b, min(coalesce(t.sent_at, a."at")) AS first_at, count(*) AS rows,
         array_agg(DISTINCT a.exhibit_id ORDER BY a.exhibit_id) AS exhibits,
         arg_min({'event_id': t.event_id, 'exhibit_id': a.exhibit_id, 'source_id': a.source_id,
                  'locator': a.locator, 'basis': coalesce(t.basis, 'device_uncorrected'),
                  'precision': coalesce(t.precision, 'second')},
                 {'a': coalesce(t.sent_at, a."at"), 'e': a.exhibit_id, 'l': a.locator}) AS first
  FROM account_aliases AS a
  LEFT JOIN timed_events AS t ON t.exhibit_id = a.exhibit_id AND t.source_id = a.source_id
                             AND t.locator = a.locator
  WHERE a.relation = 'number_changed' AND coalesce(t.sent_at, a."at") IS NOT NULL
  GROUP BY a.a, a.b
)
SELECT c.created_at AS "at", 'second' AS precision, 'server' AS basis, FALSE AS corrected,
       'group' AS kind, 'the group was created, as its own record says' AS what, 3 AS weight, c.rows,
       CASE WHEN c.first.creator IS NULL THEN CAST([] AS VARCHAR[])
            ELSE [coalesce(p.person_id, c.first.creator)] END AS persons,
       c.chat_id, c.first.exhibit_id AS exhibit_id, c.exhibits,
       c.first.source_id AS source_id, c.first.locator AS locator
FROM created AS c LEFT JOIN person_accounts AS p ON p.account_id = c.first.creator
UNION ALL BY NAME
SELECT last_at AS "at", 'second' AS precision, 'mixed' AS basis, FALSE AS corrected,
       'group' AS kind,
       'the last message known of this group, ' || (SELECT date_diff('day', q.last_at, l.last_at)
         FROM latest AS l) || ' days before the last of all groups; no device says that it closed'
         AS what,
       3 AS weight, 1 AS rows, chat_id, q.exhibits[1] AS exhibit_id, q.exhibits, q.event_id
FROM quiet AS q
UNION ALL BY NAME
SELECT first_at AS "at", first.precision AS precision, first.basis AS basis,
       first.basis = 'device_corrected' AS corrected,
       CASE WHEN action = 'number_changed' THEN 'number_changed'
            WHEN action IN ('added', 'joined_by_link', 'joined_by_invitation', 'removed', 'left',
                            'joined_from_community', 'join_requested', 'promoted', 'demoted',
                            'blocked', 'unblocked') THEN 'members' ELSE 'group' END AS kind,
       replace(action, '_', ' ')
         || CASE WHEN action = 'subject_changed'
                 THEN ': ' || coalesce(old_value, '?') || ' -> ' || coalesce(new_value, '?')
                 ELSE '' END
         || CASE WHEN inferred THEN ' (inferred)' ELSE '' END AS what,
       CASE WHEN action IN ('subject_changed', 'migrated', 'link_reset', 'promoted', 'demoted',
                            'group_linked', 'created', 'number_changed') THEN 3
            WHEN action IN ('removed') THEN 2 ELSE 1 END AS weight,
       rows, CASE WHEN actor IS NULL THEN targets
                  ELSE list_concat([actor], list_filter(targets, lambda t: t <> actor)) END AS persons,
       chat_id, first.exhibit_id AS exhibit_id, exhibits, first.event_id AS event_id,
       first.source_id AS source_id, first.locator AS locator
FROM once
WHERE NOT (action = 'number_changed' AND (first.source_id, first.locator) IN
           (SELECT (source_id, locator) FROM account_aliases WHERE relation = 'number_changed'))
UNION ALL BY NAME
SELECT c.first_at AS "at", c.first.precision AS precision, c.first.basis AS basis,
       c.first.basis = 'device_corrected' AS corrected, 'number_changed' AS kind,
       'an account changed its number, as the messenger announced' AS what, 3 AS weight, c.rows,
       list_sort(list_distinct([coalesce(one.person_id, c.a), coalesce(other.person_id, c.b)]))
         AS persons,
       c.first.exhibit_id AS exhibit_id, c.exhibits, c.first.event_id AS event_id,
       c.first.source_id AS source_id, c.first.locator AS locator
FROM changed AS c
LEFT JOIN person_accounts AS one ON one.account_id = c.a
LEFT JOIN person_accounts AS other ON other.account_id = c.b
