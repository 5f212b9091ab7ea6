-- Groups
-- How many groups are there?
SELECT count(*) AS value FROM groups
