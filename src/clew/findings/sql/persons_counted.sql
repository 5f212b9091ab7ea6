-- How many persons are in any group.
SELECT count(DISTINCT person_id) AS persons FROM group_members
