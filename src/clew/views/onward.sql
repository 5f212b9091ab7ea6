-- Groups reached from an invitation
-- Which groups and further invitations are reached from an invitation, in how many steps?
--
-- parameters = { codes = [""], steps = 16 }
-- [columns]
-- depth = "int"
-- leads_to_chat = "Id[Chat]"
-- leads_to = "GroupName"
-- posted_in = "Id[Chat]"
WITH RECURSIVE reached AS (
  SELECT platform, code, 0 AS depth, CAST(NULL AS VARCHAR) AS posted_in
  FROM invite_targets WHERE list_contains($codes, code)
  UNION
  SELECT p.platform, p.code, r.depth + 1, p.chat_id
  FROM reached AS r
  JOIN invite_targets AS t ON t.platform = r.platform AND t.code = r.code
  JOIN invite_postings AS p ON p.chat_id = t.chat_id AND p.state = 'live'
  WHERE r.depth < $steps
),
nearest AS (SELECT platform, code, min(depth) AS depth FROM reached GROUP BY platform, code),
entered AS (
  SELECT n.platform, n.code, n.depth, min(r.posted_in) AS posted_in
  FROM nearest AS n
  JOIN reached AS r ON r.platform = n.platform AND r.code = n.code AND r.depth = n.depth
  GROUP BY n.platform, n.code, n.depth
)
SELECT e.depth, t.platform, t.code, t.kind, t.chat_id AS leads_to_chat, t.group_name AS leads_to,
       e.posted_in, t.seen, t.documents, t.persons, t.first_at, t.first_by, t.exhibits
FROM entered AS e
JOIN invite_targets AS t ON t.platform = e.platform AND t.code = e.code
ORDER BY depth, platform, code
