-- Ids of the exported network
-- Which persons, groups, accounts and contents does the exported network have?
--
-- parameters = { accounts = true, contents = true }
-- [columns]
-- id = "Id[Person] | Id[Account] | Id[Chat] | Id[FileCluster]"
SELECT 'person' AS kind, from_id AS id FROM network_links WHERE kind IN ('member', 'invited')
UNION
SELECT 'person', to_id FROM network_links WHERE kind = 'tied' AND $accounts
UNION
SELECT 'person', person_id FROM introductions WHERE $contents
UNION
SELECT 'group', chat_id FROM groups
UNION
SELECT 'account', from_id FROM network_links WHERE kind = 'tied' AND $accounts
UNION
SELECT 'content', cluster_id FROM introductions WHERE $contents
ORDER BY kind, id
