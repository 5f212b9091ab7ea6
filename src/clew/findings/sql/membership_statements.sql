-- All that tells of a person being in a group: who came, who went, whom a roster lists, who posted,
-- and what standing it had. One row a statement, with the exhibit, file and locator that makes it.
-- Times of events that the holder of a device caused are by that device's clock, and corrected as
-- merged_messages are; local times of an export are put in UTC where its zone is known.
WITH aliases AS (
  SELECT a AS account_id, min(b) AS line FROM account_aliases
  WHERE relation IN ('lid_of', 'same_row') GROUP BY a
),
people AS (
  SELECT p.account_id, p.person_id, coalesce(a.line, p.own_account_id) AS line,
         epoch_us(p.since) AS since_us, epoch_us(p.until) AS until_us
  FROM account_person AS p LEFT JOIN aliases AS a ON a.account_id = p.account_id
),
every_group AS (SELECT DISTINCT group_id FROM group_ids),
services AS (SELECT DISTINCT account_id FROM accounts WHERE id_type = 'service'),
kept_until AS (
  SELECT exhibit_id, source_id, chat_id, max(sent_at) AS last_at FROM messages
  GROUP BY exhibit_id, source_id, chat_id
),
stamped AS (
  SELECT g.exhibit_id, g.source_id, g.locator, g.event_id, i.group_id AS chat_id, g.action, g.actor, g.inviter,
         g.targets, g.new_value, g.certainty,
         epoch_us(coalesce(m.corrected_at, g."at")) AS at_us,
         epoch_us(TRY_CAST(g.at_local AS TIMESTAMP)) AS local_us
  FROM group_events AS g
  JOIN group_ids AS i ON i.chat_id = g.chat_id
  LEFT JOIN corrected_times AS m ON m.event_id = g.event_id
),
several AS (
  SELECT merged_id, chat_id, person_id, sent_at, sent_local, unnest(event_ids) AS event_id
  FROM sender WHERE senders > 1 AND kind <> 'system'
),
posted AS (
  SELECT m.chat_id, m.sender_account_id AS account_id, m.witnesses,
         m.event_ids[1] AS event_id, epoch_us(m.sent_at) AS at_us,
         epoch_us(TRY_CAST(m.sent_local AS TIMESTAMP)) AS local_us
  FROM merged_messages AS m
  JOIN every_group AS i ON i.group_id = m.chat_id
  LEFT JOIN exported_copies AS x ON x.event_id = m.merged_id
  WHERE m.kind <> 'system' AND m.sender_account_id IS NOT NULL AND x.event_id IS NULL
  UNION ALL  -- where copies name other senders than that, each is shown by the copy that names it
  SELECT m.chat_id, min(c.sender_account_id), sorted_set(c.exhibit_id), min(c.event_id),
         epoch_us(m.sent_at), epoch_us(TRY_CAST(m.sent_local AS TIMESTAMP))
  FROM several AS m
  JOIN every_group AS i ON i.group_id = m.chat_id
  JOIN messages AS c ON c.event_id = m.event_id
  LEFT JOIN account_person AS p ON p.account_id = c.sender_account_id
                               AND coalesce(c.sent_at, p.untimed) BETWEEN p.since AND p.until
  LEFT JOIN nameless_owners AS o ON o.account_id = c.sender_account_id
  WHERE o.account_id IS NULL AND c.sender_account_id IS NOT NULL
    AND coalesce(p.person_id, c.sender_account_id) <> m.person_id
  GROUP BY m.merged_id, m.chat_id, m.sent_at, m.sent_local,
           coalesce(p.person_id, c.sender_account_id)
),
local_times AS (
  SELECT event_id, local_us FROM stamped WHERE at_us IS NULL AND local_us IS NOT NULL
  UNION
  SELECT event_id, local_us FROM posted WHERE at_us IS NULL AND local_us IS NOT NULL
),
near_zones AS (  -- the zone of the weeks that are nearest
  SELECT t.event_id, t.local_us - 60000000 * z.offset_minutes AS at_us,
         row_number() OVER (PARTITION BY t.event_id ORDER BY
           greatest(0, epoch_us(z.since) - t.local_us + 60000000 * z.offset_minutes,
                    t.local_us - 60000000 * z.offset_minutes - epoch_us(z.until)), z.since) AS rank
  FROM local_times AS t
  JOIN messages AS m ON m.event_id = t.event_id
  JOIN export_zones AS z ON z.source_id = m.source_id AND z.exhibit_id = m.exhibit_id
),
zoned AS (SELECT event_id, at_us FROM near_zones WHERE rank = 1),
events AS (
  SELECT s.exhibit_id, s.source_id, s.locator, s.event_id, s.chat_id, s.action, s.actor, s.inviter,
         s.targets, s.certainty, coalesce(s.at_us, z.at_us, s.local_us) AS at_us,
         s.at_us IS NULL AND z.at_us IS NULL AND s.local_us IS NOT NULL AS is_local
  FROM stamped AS s LEFT JOIN zoned AS z ON z.event_id = s.event_id
),
came AS (
  SELECT e.*, unnest(CASE WHEN len(e.targets) > 0 THEN e.targets
                          WHEN e.action <> 'added' THEN [e.actor] END) AS account_id
  FROM events AS e
  WHERE e.action IN ('added', 'joined_by_link', 'joined_by_invitation', 'joined_from_community')
),
went AS (
  SELECT e.*, unnest(CASE WHEN len(e.targets) > 0 THEN e.targets
                          WHEN e.action = 'left' THEN [e.actor] END) AS account_id
  FROM events AS e WHERE e.action IN ('left', 'removed')
),
stood AS (
  SELECT e.*, unnest(e.targets) AS account_id
  FROM events AS e WHERE e.action IN ('promoted', 'demoted')
),
announced AS (
  SELECT chat_id, account_id, at_us, is_local, 'in' AS kind, action AS how,
         nullif(coalesce(inviter, actor), account_id) AS by_account,
         exhibit_id, source_id, locator, event_id, certainty FROM came
  UNION ALL
  SELECT chat_id, actor, at_us, is_local, 'in', action, NULL,
         exhibit_id, source_id, locator, event_id, certainty
  FROM events WHERE action = 'created' AND actor IS NOT NULL
  UNION ALL
  SELECT chat_id, targets[2], at_us, is_local, 'in', action, NULL,
         exhibit_id, source_id, locator, event_id, certainty
  FROM events WHERE action = 'number_changed' AND len(targets) = 2
  UNION ALL
  SELECT chat_id, targets[1], at_us, is_local, 'out', action, NULL,
         exhibit_id, source_id, locator, event_id, certainty
  FROM events WHERE action = 'number_changed' AND len(targets) = 2
  UNION ALL
  SELECT chat_id, account_id, at_us, is_local, 'out', action,
         CASE WHEN action = 'removed' THEN nullif(actor, account_id) END,
         exhibit_id, source_id, locator, event_id, certainty FROM went
  UNION ALL
  SELECT chat_id, account_id, at_us, is_local, 'role', action, actor,
         exhibit_id, source_id, locator, event_id, certainty FROM stood
),
listed AS (  -- what a system message tells is not taken a second time from its membership
  SELECT m.*, i.group_id,  -- a roster is no older than the last that it, or a message beside it, tells
         greatest(coalesce(k.last_at, s.last_at),
                  max(greatest(coalesce(m.joined_at, m.ended_at), coalesce(m.ended_at, m.joined_at)))
                    OVER (PARTITION BY m.exhibit_id, m.source_id, m.chat_id)) AS seen_at
  FROM memberships AS m
  JOIN group_ids AS i ON i.chat_id = m.chat_id
  LEFT JOIN kept_until AS k ON k.exhibit_id = m.exhibit_id AND k.source_id = m.source_id
                           AND k.chat_id = m.chat_id
  LEFT JOIN source_spans AS s
         ON s.exhibit_id = m.exhibit_id AND s.source_id = m.source_id
  LEFT JOIN (SELECT DISTINCT exhibit_id, source_id, locator, chat_id FROM announced
             WHERE kind <> 'role') AS t
         ON t.exhibit_id = m.exhibit_id AND t.source_id = m.source_id AND t.locator = m.locator
        AND t.chat_id = i.group_id
  WHERE m.state <> 'pending' AND (m.basis <> 'event' OR t.locator IS NULL)
),
rosters AS (
  SELECT group_id AS chat_id, account_id, epoch_us(joined_at) AS at_us, 'in' AS kind, joined_how AS how,
         exhibit_id, source_id, locator, basis, CAST(NULL AS VARCHAR) AS role
  FROM listed WHERE joined_at IS NOT NULL
  UNION ALL
  SELECT group_id, account_id, epoch_us(ended_at), 'out',
         CASE WHEN state IN ('left', 'removed') THEN state END,
         exhibit_id, source_id, locator, basis, NULL
  FROM listed WHERE ended_at IS NOT NULL OR state IN ('left', 'removed')
  UNION ALL
  SELECT group_id, account_id, CASE WHEN state = 'current' THEN epoch_us(seen_at) END,
         CASE WHEN state = 'current' THEN 'listed' ELSE 'named' END, NULL,
         exhibit_id, source_id, locator, basis, role
  FROM listed
  WHERE state = 'current'
     OR (state = 'unknown_past' AND joined_at IS NULL AND ended_at IS NULL)
),
stated AS (
  SELECT t.chat_id, coalesce(p.person_id, t.account_id) AS person_id,
         coalesce(p.line, t.account_id) AS line, t.account_id, t.at_us, t.is_local, t.kind, t.how,
         coalesce(q.person_id, t.by_account) AS by_person, t.exhibit_id, t.source_id, t.locator,
         t.event_id, 'event' AS basis, CAST(NULL AS VARCHAR) AS role, t.at_us AS last_us,
         CAST(NULL AS BIGINT) AS posts
  FROM announced AS t
  LEFT JOIN people AS p ON p.account_id = t.account_id
                       AND coalesce(t.at_us, 0) BETWEEN p.since_us AND p.until_us
  LEFT JOIN people AS q ON q.account_id = t.by_account
                       AND coalesce(t.at_us, 0) BETWEEN q.since_us AND q.until_us
  LEFT JOIN services AS v ON v.account_id = t.account_id
  WHERE v.account_id IS NULL AND t.account_id IS NOT NULL
  UNION ALL
  SELECT r.chat_id, coalesce(p.person_id, r.account_id), coalesce(p.line, r.account_id),
         r.account_id, r.at_us, FALSE, r.kind, r.how, NULL,
         r.exhibit_id, r.source_id, r.locator, NULL, r.basis, r.role, r.at_us, NULL
  FROM rosters AS r
  LEFT JOIN people AS p ON p.account_id = r.account_id
                       AND coalesce(r.at_us, 0) BETWEEN p.since_us AND p.until_us
  LEFT JOIN services AS v ON v.account_id = r.account_id
  WHERE v.account_id IS NULL
),
spoken AS (
  SELECT s.chat_id, coalesce(p.person_id, s.account_id) AS person_id,
         coalesce(p.line, s.account_id) AS line, s.account_id, s.witnesses, s.event_id,
         coalesce(s.at_us, z.at_us, s.local_us) AS at_us,
         s.at_us IS NULL AND z.at_us IS NULL AS is_local
  FROM posted AS s
  LEFT JOIN people AS p ON p.account_id = s.account_id
                       AND coalesce(s.at_us, 0) BETWEEN p.since_us AND p.until_us
  LEFT JOIN zoned AS z ON z.event_id = s.event_id
  LEFT JOIN services AS v ON v.account_id = s.account_id
  WHERE v.account_id IS NULL AND s.account_id IS NOT NULL
),
-- posts count by the period between two statements of coming and going: its first and last
beside AS (
  SELECT chat_id, line, at_us, FALSE AS is_post, CAST(NULL AS VARCHAR) AS event_id
  FROM stated WHERE kind IN ('in', 'out') AND at_us IS NOT NULL
  UNION ALL
  SELECT chat_id, line, at_us, TRUE, event_id FROM spoken WHERE at_us IS NOT NULL
),
located AS (
  SELECT *, max(CASE WHEN NOT is_post THEN at_us END)
              OVER (PARTITION BY chat_id, line ORDER BY at_us
                    RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS since_us
  FROM beside
),
spans AS (
  SELECT p.chat_id, s.person_id, p.line, min(s.account_id) AS account_id,
         min(p.at_us) AS at_us, max(p.at_us) AS last_us, bool_or(s.is_local) AS is_local,
         min_by(s.event_id, lpad(CAST(p.at_us AS VARCHAR), 20, '0') || s.event_id) AS event_id,
         count(*) AS posts, sorted_union(s.witnesses) AS witnesses
  FROM located AS p
  JOIN spoken AS s ON s.event_id = p.event_id AND s.line = p.line
  WHERE p.is_post
  GROUP BY p.chat_id, s.person_id, p.line, p.since_us
),
untimed AS (
  SELECT chat_id, person_id, line, min(account_id) AS account_id,
         min(event_id) AS event_id, count(*) AS posts,
         sorted_union(witnesses) AS witnesses
  FROM spoken WHERE at_us IS NULL GROUP BY chat_id, person_id, line
)
SELECT *, CAST([] AS VARCHAR[]) AS witnesses FROM stated
UNION ALL
SELECT s.chat_id, s.person_id, s.line, s.account_id, s.at_us, s.is_local, s.kind, NULL, NULL,
       m.exhibit_id, m.source_id, m.locator, s.event_id, 'post', NULL, s.last_us, s.posts,
       s.witnesses
FROM (
  SELECT chat_id, person_id, line, account_id, at_us, is_local, 'post' AS kind, event_id, last_us,
         posts, witnesses FROM spans
  UNION ALL
  SELECT chat_id, person_id, line, account_id, NULL, FALSE, 'named', event_id, NULL, posts,
         witnesses FROM untimed
) AS s
JOIN messages AS m ON m.event_id = s.event_id
ORDER BY chat_id, person_id, at_us NULLS LAST, kind, exhibit_id, locator, how, account_id
