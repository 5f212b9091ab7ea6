-- Lines of the drawing
-- Which persons and groups does a line join, and of what kind is it?
--
-- parameters = { nodes = [""] }
-- [columns]
-- current = "bool"
SELECT l.kind, l.from_id, l.to_id, l.proved, l.weight, coalesce(m.role, '') AS role,
       coalesce(m.state = 'current', FALSE) AS current
FROM network_links AS l
LEFT JOIN group_members AS m
  ON l.kind = 'member' AND m.person_id = l.from_id AND m.chat_id = l.to_id
WHERE l.kind <> 'tied' AND list_contains($nodes, l.from_id) AND list_contains($nodes, l.to_id)
ORDER BY kind, from_id, to_id
