-- Persons who sent known files
-- How many persons sent files of a known set?
SELECT count(DISTINCT person_id) AS value FROM known_sendings WHERE NOT named_only
