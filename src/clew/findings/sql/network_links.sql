-- Every line of the network, and whether the devices themselves show it
WITH people AS (
  SELECT p.account_id, p.person_id, p.rule,
         CASE WHEN t.id_type IN ('label', 'name') THEN 'label'
              WHEN p.inferred THEN 'inferred_account' ELSE 'account' END AS shown_by,
         NOT p.inferred AND coalesce(t.id_type NOT IN ('label', 'name'), TRUE) AS proved
  FROM person_accounts AS p
  LEFT JOIN account_types AS t ON t.account_id = p.account_id
),
seen AS (
  SELECT DISTINCT coalesce(t.chat_id, m.chat_id) AS chat_id,
         coalesce(p.own_account_id, m.account_id) AS account_id, m.basis <> 'mention' AS tells
  FROM memberships AS m
  LEFT JOIN tied_exports AS t ON t.export_chat = m.chat_id
  LEFT JOIN account_person AS p ON p.account_id = m.account_id
   AND coalesce(m.joined_at, m.ended_at, p.untimed) BETWEEN p.since AND p.until
  UNION
  SELECT DISTINCT coalesce(t.chat_id, m.chat_id), coalesce(p.own_account_id, m.sender_account_id),
         TRUE
  FROM messages AS m
  LEFT JOIN tied_exports AS t ON t.export_chat = m.chat_id
  LEFT JOIN account_person AS p ON p.account_id = m.sender_account_id
                               AND coalesce(m.sent_at, p.untimed) BETWEEN p.since AND p.until
  WHERE m.kind <> 'system' AND m.sender_account_id IS NOT NULL
),
shown AS (
  SELECT s.chat_id, p.person_id, bool_or(p.proved AND s.tells) AS proved,
         sorted_set(p.shown_by) AS shown_by
  FROM seen AS s JOIN people AS p ON p.account_id = s.account_id
  GROUP BY s.chat_id, p.person_id
),
wrote AS (
  SELECT m.chat_id, p.person_id, min(m.sent_at) AS first_at
  FROM merged_messages AS m JOIN people AS p ON p.account_id = m.sender_account_id
  WHERE m.kind <> 'system' AND m.sent_at IS NOT NULL
  GROUP BY m.chat_id, p.person_id
),
member AS (
  SELECT 'member' AS kind, g.person_id AS from_id, g.chat_id AS to_id,
         coalesce(s.proved, false) AS proved, CAST(g.messages AS BIGINT) AS weight,
         least(coalesce(g.joined_at, w.first_at), coalesce(w.first_at, g.joined_at)) AS since,
         g.ended_at AS until, g.exhibits,
         g.role, g.state, g.basis, coalesce(s.shown_by, CAST([] AS VARCHAR[])) AS shown_by,
         CAST([] AS VARCHAR[]) AS codes, CAST(NULL AS VARCHAR) AS rule
  FROM group_members AS g
  LEFT JOIN shown AS s ON s.chat_id = g.chat_id AND s.person_id = g.person_id
  LEFT JOIN wrote AS w ON w.chat_id = g.chat_id AND w.person_id = g.person_id
),
posted AS (
  SELECT p.person_id, t.chat_id, p.posted_at, unnest(p.exhibits) AS exhibit_id, p.posting_id, p.code,
         q.account_id IS NOT NULL AS proved
  FROM invite_postings AS p
  JOIN invite_targets AS t ON t.platform = p.platform AND t.code = p.code
  LEFT JOIN (SELECT account_id FROM people WHERE proved) AS q ON q.account_id = p.person_id
  WHERE p.person_id IS NOT NULL AND t.chat_id IS NOT NULL
    AND t.chat_id IN (SELECT chat_id FROM groups)
),
invited AS (
  SELECT 'invited' AS kind, person_id AS from_id, chat_id AS to_id, bool_and(proved) AS proved,
         count(DISTINCT code || ' ' || posting_id) AS weight, min(posted_at) AS since,
         max(posted_at) AS until,
         sorted_set(exhibit_id) AS exhibits,
         NULL AS role, NULL AS state, CAST([] AS VARCHAR[]) AS basis,
         CAST([] AS VARCHAR[]) AS shown_by, sorted_set(code) AS codes,
         NULL AS rule
  FROM posted GROUP BY person_id, chat_id
),
lineage AS (
  SELECT kind, earlier AS from_id, later AS to_id, false AS proved, shared_members AS weight,
         CAST(NULL AS TIMESTAMPTZ) AS since, CAST(NULL AS TIMESTAMPTZ) AS until,
         CAST([] AS VARCHAR[]) AS exhibits, NULL AS role, NULL AS state,
         CAST([] AS VARCHAR[]) AS basis, CAST([] AS VARCHAR[]) AS shown_by,
         CAST([] AS VARCHAR[]) AS codes, NULL AS rule
  FROM group_lineage
),
tied AS (
  SELECT 'tied' AS kind, p.account_id AS from_id, p.person_id AS to_id,
         NOT p.inferred AS proved, CAST(1 AS BIGINT) AS weight,
         CAST(NULL AS TIMESTAMPTZ) AS since, CAST(NULL AS TIMESTAMPTZ) AS until,
         CAST([] AS VARCHAR[]) AS exhibits, NULL AS role, NULL AS state,
         CAST([] AS VARCHAR[]) AS basis, CAST([] AS VARCHAR[]) AS shown_by,
         CAST([] AS VARCHAR[]) AS codes, p.rule
  FROM person_accounts AS p
  WHERE p.account_id <> p.person_id
)
SELECT * FROM member
UNION ALL SELECT * FROM invited
UNION ALL SELECT * FROM lineage
UNION ALL SELECT * FROM tied
ORDER BY kind, from_id, to_id
