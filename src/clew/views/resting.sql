-- What rests on packages
-- How much of what was found rests on the case that each package came from, and on nothing else?
--
-- columns.persons = "int"
-- columns.persons_alone = "int"
-- columns.groups = "int"
-- columns.groups_alone = "int"
-- columns.messages = "int"
-- columns.messages_alone = "int"
-- columns.sendings = "int"
-- columns.sendings_alone = "int"
WITH of_origin AS (
  SELECT e.exhibit_id, coalesce(p.origin, '') AS origin
  FROM exhibits AS e
  LEFT JOIN (SELECT DISTINCT origin FROM packages) AS p
    ON p.origin = split_part(e.exhibit_id, '~', 1) AND contains(e.exhibit_id, '~')
),
stated AS (
  SELECT exhibit_id, account_id FROM accounts
  UNION SELECT exhibit_id, account_id FROM memberships
),
shown AS (
  SELECT 'person' AS what, p.person_id AS id, s.exhibit_id
  FROM person_accounts AS p JOIN stated AS s ON s.account_id = p.account_id
  UNION ALL SELECT 'group', chat_id, unnest(exhibits) FROM "groups"
  UNION ALL SELECT 'message', merged_id, unnest(witnesses) FROM merged_messages
  UNION ALL SELECT 'sending', merged_id || sha256, unnest(witnesses) FROM known_sendings
),
by_origin AS (
  SELECT DISTINCT s.what, s.id, o.origin FROM shown AS s JOIN of_origin AS o ON o.exhibit_id = s.exhibit_id
),
counted AS (
  SELECT what, id, origin, count(*) OVER (PARTITION BY what, id) AS origins FROM by_origin
),
resting AS (
  SELECT origin, count(*) FILTER (WHERE what = 'person') AS persons,
         count(*) FILTER (WHERE what = 'person' AND origins = 1) AS persons_alone,
         count(*) FILTER (WHERE what = 'group') AS "groups",
         count(*) FILTER (WHERE what = 'group' AND origins = 1) AS groups_alone,
         count(*) FILTER (WHERE what = 'message') AS messages,
         count(*) FILTER (WHERE what = 'message' AND origins = 1) AS messages_alone,
         count(*) FILTER (WHERE what = 'sending') AS sendings,
         count(*) FILTER (WHERE what = 'sending' AND origins = 1) AS sendings_alone
  FROM counted GROUP BY origin
)
SELECT p.package_id, p.sealed_at,
       coalesce(r.persons, 0) AS persons, coalesce(r.persons_alone, 0) AS persons_alone,
       coalesce(r."groups", 0) AS "groups", coalesce(r.groups_alone, 0) AS groups_alone,
       coalesce(r.messages, 0) AS messages, coalesce(r.messages_alone, 0) AS messages_alone,
       coalesce(r.sendings, 0) AS sendings, coalesce(r.sendings_alone, 0) AS sendings_alone
FROM packages AS p
LEFT JOIN resting AS r ON r.origin = p.origin
ORDER BY sealed_at, package_id
