-- Persons of the report
-- Who is there, whose device was seized, and what did each do in groups?
--
-- [columns]
-- country = "Country"
-- accounts = "int"
-- inferred = "int"
-- basis = "tuple[Term, ...]"
-- groups = "int"
-- admin_of = "int"
-- created = "int"
-- messages = "int"
-- shares = "int"
-- known = "int"
-- answered = "int"
-- added = "int"
-- additions = "int"
-- removed = "int"
WITH sent AS (SELECT person_id, count(*) AS known FROM known_sendings GROUP BY person_id),
made AS (SELECT creator, count(*) AS created FROM groups GROUP BY creator),
brought AS (
  SELECT likely_person_id, count(*) AS answered FROM new_files GROUP BY likely_person_id
),
added AS (
  SELECT joined_by, count(DISTINCT person_id) AS added, count(*) AS additions
  FROM membership_periods WHERE joined_how = 'added' GROUP BY joined_by
),
removed AS (
  SELECT ended_by, count(DISTINCT person_id) AS removed
  FROM membership_periods WHERE ended_how = 'removed' GROUP BY ended_by
)
SELECT p.person_id, p.names, p.is_owner_of, p.accounts, p.inferred, p.weakest_error,
       coalesce(c.country, p.country) AS country, coalesce(c.number_only, FALSE) AS number_only,
       coalesce(c.basis, CAST([] AS VARCHAR[])) AS basis,
       coalesce(c.other_countries, CAST([] AS VARCHAR[])) AS other_countries,
       coalesce(c.conflict, FALSE) AS conflict, c.confidence,
       coalesce(r.groups, 0) AS groups, coalesce(r.admin_of, 0) AS admin_of,
       coalesce(m.created, 0) AS created, coalesce(r.messages, 0) AS messages,
       coalesce(r.shares, 0) AS shares, coalesce(s.known, 0) AS known,
       coalesce(b.answered, 0) AS answered, coalesce(a.added, 0) AS added,
       coalesce(a.additions, 0) AS additions, coalesce(o.removed, 0) AS removed
FROM persons AS p
LEFT JOIN person_countries AS c ON c.person_id = p.person_id
LEFT JOIN roles AS r ON r.person_id = p.person_id
LEFT JOIN made AS m ON m.creator = p.person_id
LEFT JOIN sent AS s ON s.person_id = p.person_id
LEFT JOIN brought AS b ON b.likely_person_id = p.person_id
LEFT JOIN added AS a ON a.joined_by = p.person_id
LEFT JOIN removed AS o ON o.ended_by = p.person_id
WHERE NOT p.named_only
ORDER BY person_id
