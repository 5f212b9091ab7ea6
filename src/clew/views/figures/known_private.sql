-- Known files outside groups
-- How many times was a file of a known set sent outside groups?
SELECT count(*) AS value FROM known_sendings WHERE NOT in_group
