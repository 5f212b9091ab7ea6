-- What of the network is in each country
-- Tables in memory: country_evidence_found, person_countries_found.
WITH located AS (
  SELECT c.*, len(p.is_owner_of) > 0 AS holder
  FROM person_countries_found AS c JOIN persons AS p ON p.person_id = c.person_id
),
people AS (
  SELECT country, count(*) AS persons, count(*) FILTER (WHERE holder) AS holders,
         count(*) FILTER (WHERE number_only) AS number_only,
         count(*) FILTER (WHERE conflict) AS conflicts
  FROM located WHERE country IS NOT NULL GROUP BY country
),
elsewhere AS (
  SELECT e.country, count(DISTINCT e.person_id) AS persons
  FROM country_evidence_found AS e JOIN located AS p ON p.person_id = e.person_id
  WHERE p.country IS DISTINCT FROM e.country GROUP BY e.country
),
active AS (
  SELECT p.country, count(DISTINCT m.chat_id) AS groups,
         count(DISTINCT m.chat_id) FILTER (WHERE m.role <> 'member') AS admin_of,
         CAST(sum(m.messages) AS BIGINT) AS messages, CAST(sum(m.shares) AS BIGINT) AS shares
  FROM group_members AS m JOIN located AS p ON p.person_id = m.person_id
  WHERE p.country IS NOT NULL GROUP BY p.country
),
brought AS (
  SELECT p.country, count(*) AS introduced, count(*) FILTER (WHERE o.answered) AS answered
  FROM origins AS o JOIN located AS p ON p.person_id = o.person_id
  WHERE p.country IS NOT NULL GROUP BY p.country
),
seized AS (SELECT country, count(*) AS exhibits FROM exhibits GROUP BY country),
named AS (
  SELECT country FROM people UNION SELECT country FROM elsewhere UNION SELECT country FROM seized
),
joined AS (
  SELECT n.country, coalesce(s.exhibits, 0) AS exhibits, coalesce(p.persons, 0) AS persons,
         coalesce(p.holders, 0) AS holders, coalesce(p.number_only, 0) AS number_only,
         coalesce(p.conflicts, 0) AS conflicts, coalesce(e.persons, 0) AS conflicts_elsewhere,
         coalesce(a.groups, 0) AS groups, coalesce(a.admin_of, 0) AS admin_of,
         coalesce(a.messages, 0) AS messages, coalesce(a.shares, 0) AS shares,
         coalesce(b.introduced, 0) AS introduced, coalesce(b.answered, 0) AS answered
  FROM named AS n
  LEFT JOIN seized AS s ON s.country = n.country
  LEFT JOIN people AS p ON p.country = n.country
  LEFT JOIN elsewhere AS e ON e.country = n.country
  LEFT JOIN active AS a ON a.country = n.country
  LEFT JOIN brought AS b ON b.country = n.country
)
SELECT * FROM joined ORDER BY country
