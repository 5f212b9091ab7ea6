-- Nodes of the exported network
-- What is known of each node of the exported network?
--
-- [columns]
-- number = "int"
-- id = "Id[Person] | Id[Account] | Id[Chat] | Id[FileCluster]"
-- title = "GroupName"
-- holder_of = "Id[Exhibit]"
WITH contents AS (
  SELECT cluster_id, CAST(sum(shares) AS BIGINT) AS shares,
         CAST(sum(shares) FILTER (WHERE known) AS BIGINT) AS known_shares,
         min(coalesce(media_type, 'unknown type')) AS media_type
  FROM file_clusters GROUP BY cluster_id
),
accounts_once AS (SELECT account_id, min(platform) AS platform FROM accounts GROUP BY account_id)
SELECT n.number, n.kind, n.id, coalesce(r.country, p.country) AS country,
       coalesce(g.platform, a.platform, split_part(p.person_id, ':', 1)) AS platform,
       coalesce(g.subject, c.media_type) AS title,
       r.groups, coalesce(r.admin_of, g.admins) AS admin_of, g.members,
       coalesce(r.messages, g.messages) AS messages,
       coalesce(r.shares, g.shares, c.shares) AS shares,
       coalesce(r.known_shares, g.known_shares, c.known_shares) AS known_shares, r.first_shares,
       array_to_string(p.is_owner_of, ' ') AS holder_of, l.x, l.y,
       r.connected_to
FROM shown_nodes AS n
LEFT JOIN persons AS p ON n.kind = 'person' AND p.person_id = n.id
LEFT JOIN roles AS r ON n.kind = 'person' AND r.person_id = n.id
LEFT JOIN groups AS g ON n.kind = 'group' AND g.chat_id = n.id
LEFT JOIN accounts_once AS a ON n.kind = 'account' AND a.account_id = n.id
LEFT JOIN contents AS c ON n.kind = 'content' AND c.cluster_id = n.id
LEFT JOIN layout AS l ON l.kind = n.kind AND l.node_id = n.id
ORDER BY number
