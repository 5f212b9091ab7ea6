-- Links of the exported network
-- What joins the nodes of the exported network?
--
-- parameters = { accounts = true, contents = true }
-- [columns]
-- source = "int"
-- target = "int"
-- rank = "int"
-- forwarded = "bool"
WITH ends AS (
  SELECT kind, from_id, to_id, proved, weight, since, until, exhibits, role, state, basis,
         shown_by, codes, rule, CAST(NULL AS BIGINT) AS rank, FALSE AS forwarded,
         CASE kind WHEN 'tied' THEN 'account' WHEN 'member' THEN 'person'
                   WHEN 'invited' THEN 'person' ELSE 'group' END AS from_kind,
         CASE kind WHEN 'tied' THEN 'person' ELSE 'group' END AS to_kind
  FROM network_links WHERE kind <> 'tied' OR $accounts
  UNION ALL
  SELECT 'shared', i.person_id, i.cluster_id,
         split_part(i.person_id, ':', 2) NOT IN ('label', 'name')
           AND NOT coalesce(a.inferred, FALSE),
         CAST(1 AS BIGINT), i."at", NULL, CAST([] AS VARCHAR[]),
         NULL, NULL, CAST([] AS VARCHAR[]), CAST([] AS VARCHAR[]), CAST([] AS VARCHAR[]), NULL,
         i.rank, i.forwarded, 'person', 'content'
  FROM introductions AS i
  LEFT JOIN messages AS m ON m.event_id = i.event_id
  LEFT JOIN person_accounts AS a ON a.account_id = m.sender_account_id
  WHERE $contents
)
SELECT a.number AS source, b.number AS target, e.kind, e.proved, e.weight, e.since, e.until,
       e.exhibits, e.role, e.state, e.basis, e.shown_by, e.codes, e.rule, e.rank, e.forwarded
FROM ends AS e
JOIN shown_nodes AS a ON a.kind = e.from_kind AND a.id = e.from_id
JOIN shown_nodes AS b ON b.kind = e.to_kind AND b.id = e.to_id
ORDER BY kind, source, target
