-- One row per thing that happened to a group or in it. Copies of one notice on several devices,
-- within two minutes of each other, are one row; notices of encryption and of business accounts are
-- none.
WITH target_accounts AS (
  SELECT event_id, "at", unnest(targets) AS target FROM group_events
),
target_persons AS (
  SELECT g.event_id, sorted_set(coalesce(p.person_id, g.target)) AS persons
  FROM target_accounts AS g
  LEFT JOIN account_person AS p ON p.account_id = g.target
                               AND coalesce(g."at", p.untimed) BETWEEN p.since AND p.until
  GROUP BY g.event_id
),
created AS (
  SELECT chat_id, min(created_at) AS created_at,
         min_by(struct_pack(exhibit_id := exhibit_id, source_id := source_id, locator := locator,
                            creator := creator),
                struct_pack(a := created_at, e := exhibit_id, s := source_id)) AS first,
         sorted_set(exhibit_id) AS exhibits, count(*) AS rows
  FROM chats WHERE created_at IS NOT NULL AND chat_type <> 'one_to_one' GROUP BY chat_id
),
notices AS (
  SELECT g.event_id, g.exhibit_id, g.source_id, g.locator,
         coalesce(e.chat_id, g.chat_id) AS chat_id, g.action,
         coalesce(t.sent_at, g."at") AS noticed_at,
         coalesce(t.basis, 'device_uncorrected') AS basis,
         coalesce(t.precision, 'second') AS precision,
         coalesce(p.person_id, g.actor) AS actor,
         coalesce(x.persons, CAST([] AS VARCHAR[])) AS targets,
         g.old_value, g.new_value, g.certainty
  FROM group_events AS g
  LEFT JOIN tied_exports AS e ON e.export_chat = g.chat_id
  LEFT JOIN timed_events AS t ON t.event_id = g.event_id
  LEFT JOIN account_person AS p ON p.account_id = g.actor
                               AND coalesce(g."at", p.untimed) BETWEEN p.since AND p.until
  LEFT JOIN target_persons AS x ON x.event_id = g.event_id
  LEFT JOIN created AS c ON c.chat_id = coalesce(e.chat_id, g.chat_id)
  WHERE g.action NOT IN ('e2e_notice', 'security_notice', 'business_notice', 'call', 'unknown',
                         'other')
    AND NOT (g.action = 'created' AND c.chat_id IS NOT NULL)
),
apart AS (
  SELECT *, CASE WHEN noticed_at - lag(noticed_at) OVER alike <= INTERVAL 2 MINUTE THEN 0 ELSE 1 END
              AS begins
  FROM notices WHERE noticed_at IS NOT NULL
  WINDOW alike AS (PARTITION BY chat_id, action, targets, coalesce(new_value, '')
                   ORDER BY noticed_at, event_id)
),
numbered AS (
  SELECT *, CAST(sum(begins) OVER (PARTITION BY chat_id, action, targets, coalesce(new_value, '')
                                   ORDER BY noticed_at, event_id) AS BIGINT) AS island
  FROM apart
),
happened AS (
  SELECT chat_id, action, targets, island, min(noticed_at) AS first_at, count(*) AS rows,
         min(actor) AS actor, min(old_value) AS old_value, min(new_value) AS new_value,
         bool_and(certainty = 'inferred') AS inferred, sorted_set(exhibit_id) AS exhibits,
         min_by(struct_pack(event_id := event_id, exhibit_id := exhibit_id, source_id := source_id,
                            locator := locator, basis := basis, precision := precision),
                struct_pack(a := noticed_at, e := event_id)) AS first
  FROM numbered GROUP BY chat_id, action, targets, coalesce(new_value, ''), island
),
latest AS (SELECT max(last_at) AS last_at FROM groups),
last_messages AS (
  SELECT chat_id, max_by(merged_id, struct_pack(a := sent_at, e := merged_id)) AS merged_id
  FROM merged_messages WHERE sent_at IS NOT NULL GROUP BY chat_id
),
quiet AS (
  SELECT g.chat_id, g.last_at, g.exhibits, m.event_ids[1] AS event_id,
         date_diff('day', g.last_at, l.last_at) AS days
  FROM groups AS g
  JOIN latest AS l ON g.last_at < l.last_at - INTERVAL 30 DAY
  JOIN last_messages AS e ON e.chat_id = g.chat_id
  JOIN merged_messages AS m ON m.merged_id = e.merged_id
  WHERE len(g.exhibits) > 0
),
number_changes AS (
  SELECT a.a, a.b, min(coalesce(t.sent_at, a."at")) AS first_at, count(*) AS rows,
         sorted_set(a.exhibit_id) AS exhibits,
         min_by(struct_pack(event_id := t.event_id, exhibit_id := a.exhibit_id,
                            source_id := a.source_id, locator := a.locator,
                            basis := coalesce(t.basis, 'device_uncorrected'),
                            precision := coalesce(t.precision, 'second')),
                struct_pack(a := coalesce(t.sent_at, a."at"), e := a.exhibit_id, l := a.locator))
           AS first
  FROM account_aliases AS a
  LEFT JOIN timed_events AS t ON t.exhibit_id = a.exhibit_id AND t.source_id = a.source_id
                             AND t.locator = a.locator
  WHERE a.relation = 'number_changed' AND coalesce(t.sent_at, a."at") IS NOT NULL
  GROUP BY a.a, a.b
),
announced AS (
  SELECT DISTINCT source_id, locator FROM account_aliases WHERE relation = 'number_changed'
)
SELECT c.created_at AS "at", CAST(NULL AS TIMESTAMPTZ) AS until, 'second' AS precision,
       'server' AS basis, FALSE AS corrected, 'group' AS kind,
       'group_created' AS what, CAST([] AS VARCHAR[]) AS figures, 3 AS weight, c.rows,
       CASE WHEN c.first.creator IS NULL THEN CAST([] AS VARCHAR[])
            ELSE [coalesce(p.person_id, c.first.creator)] END AS persons,
       c.chat_id, c.first.exhibit_id AS exhibit_id, c.exhibits, CAST(NULL AS VARCHAR) AS sha256,
       CAST(NULL AS VARCHAR) AS event_id, c.first.source_id AS source_id,
       c.first.locator AS locator
FROM created AS c
LEFT JOIN account_person AS p ON p.account_id = c.first.creator
                             AND c.created_at BETWEEN p.since AND p.until
UNION ALL
SELECT last_at, NULL, 'second', 'mixed', FALSE, 'group',
       'group_silent', ['days=' || days],
       3, 1, CAST([] AS VARCHAR[]), chat_id, exhibits[1], exhibits, NULL, event_id, NULL, NULL
FROM quiet
UNION ALL
SELECT h.first_at, NULL, h.first.precision, h.first.basis, h.first.basis = 'device_corrected',
       CASE WHEN h.action = 'number_changed' THEN 'number_changed'
            WHEN h.action IN ('added', 'joined_by_link', 'joined_by_invitation', 'removed', 'left',
                              'joined_from_community', 'join_requested', 'promoted', 'demoted',
                              'blocked', 'unblocked') THEN 'members' ELSE 'group' END,
       h.action,
       list_concat(CASE WHEN h.action = 'subject_changed'
                        THEN ['old=' || coalesce(h.old_value, ''), 'new=' || coalesce(h.new_value, '')]
                        ELSE CAST([] AS VARCHAR[]) END,
                   CASE WHEN h.inferred THEN ['inferred=1'] ELSE CAST([] AS VARCHAR[]) END),
       CASE WHEN h.action IN ('subject_changed', 'migrated', 'link_reset', 'promoted', 'demoted',
                              'group_linked', 'created', 'number_changed') THEN 3
            WHEN h.action IN ('removed') THEN 2 ELSE 1 END,
       h.rows, CASE WHEN h.actor IS NULL THEN h.targets
                    ELSE list_concat([h.actor], without(h.targets, [h.actor])) END,
       h.chat_id, h.first.exhibit_id, h.exhibits, NULL, h.first.event_id, h.first.source_id,
       h.first.locator
FROM happened AS h
LEFT JOIN announced AS n ON n.source_id = h.first.source_id AND n.locator = h.first.locator
                        AND h.action = 'number_changed'
WHERE n.source_id IS NULL
UNION ALL
SELECT c.first_at, NULL, c.first.precision, c.first.basis, c.first.basis = 'device_corrected',
       'number_changed', 'number_announced', CAST([] AS VARCHAR[]), 3, c.rows,
       list_sort(list_distinct([coalesce(one.person_id, c.a), coalesce(other.person_id, c.b)])),
       NULL, c.first.exhibit_id, c.exhibits, NULL, c.first.event_id, c.first.source_id,
       c.first.locator
FROM number_changes AS c
LEFT JOIN account_person AS one ON one.account_id = c.a
                               AND c.first_at BETWEEN one.since AND one.until
LEFT JOIN account_person AS other ON other.account_id = c.b
                                 AND c.first_at BETWEEN other.since AND other.until
