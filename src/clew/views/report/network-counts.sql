-- Counts of the network
-- How many persons, groups and lines are there, drawn or not?
--
-- [columns]
-- persons = "int"
-- groups = "int"
-- lines = "int"
-- proved = "int"
-- inferred = "int"
-- linked = "int"
WITH in_groups AS (SELECT count(*) AS persons FROM roles),
every_group AS (SELECT count(*) AS groups FROM groups),
linked AS (SELECT count(*) AS linked FROM person_accounts WHERE inferred),
lines AS (
  SELECT count(*) AS lines, count(*) FILTER (WHERE proved) AS proved,
         count(*) FILTER (WHERE NOT proved) AS inferred
  FROM network_links WHERE kind = 'member'
)
SELECT persons, groups, lines, proved, inferred, linked
FROM in_groups CROSS JOIN every_group CROSS JOIN lines CROSS JOIN linked
ORDER BY lines
