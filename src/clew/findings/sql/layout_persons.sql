-- Persons who are drawn, the most relevant first.
SELECT person_id AS id, groups, admin_of, exhibits FROM roles
ORDER BY len(exhibits) = 0, groups DESC, admin_of DESC, known_shares DESC, connected_to DESC,
         person_id
LIMIT $most
