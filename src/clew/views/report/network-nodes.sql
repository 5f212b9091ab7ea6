-- Persons and groups of the drawing
-- Which persons and groups are drawn, and by which numbers?
--
-- parameters = { persons = 120, groups = 100 }
-- [columns]
-- number = "int"
WITH persons_drawn AS (SELECT * FROM layout WHERE kind = 'person' AND place <= $persons),
groups_of_them AS (
  SELECT DISTINCT m.chat_id FROM group_members AS m
  JOIN persons_drawn AS p ON p.node_id = m.person_id
),
groups_drawn AS (
  SELECT l.* FROM layout AS l JOIN groups_of_them AS g ON g.chat_id = l.node_id
  WHERE l.kind = 'group' ORDER BY l.place, l.node_id LIMIT $groups
),
chosen AS (SELECT * FROM persons_drawn UNION ALL SELECT * FROM groups_drawn),
drawn AS (SELECT *, row_number() OVER (PARTITION BY kind ORDER BY line) AS number FROM chosen)
SELECT d.*, r.country, r.groups, r.admin_of, g.subject, g.members, r.exhibits
FROM drawn AS d
LEFT JOIN roles AS r ON d.kind = 'person' AND r.person_id = d.node_id
LEFT JOIN groups AS g ON d.kind = 'group' AND g.chat_id = d.node_id
ORDER BY kind, number
