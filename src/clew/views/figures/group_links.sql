-- Pairs of groups
-- How many pairs of groups have members in common?
SELECT count(*) AS value FROM group_links
