-- Each pair of countries with people in common groups, or contents that went from one to the other
-- Tables in memory: person_countries_found.
WITH located AS (
  SELECT person_id, country, conflict FROM person_countries_found WHERE country IS NOT NULL
),
in_groups AS (
  SELECT DISTINCT m.chat_id, m.person_id, p.country, p.conflict
  FROM group_members AS m JOIN located AS p ON p.person_id = m.person_id
  WHERE m.state <> 'pending'
),
of_groups AS (SELECT DISTINCT chat_id, country FROM in_groups),
met AS (
  SELECT m.country AS here, g.country AS there, count(DISTINCT m.person_id) AS persons,
         count(DISTINCT m.person_id) FILTER (WHERE m.conflict) AS conflicted,
         count(DISTINCT m.chat_id) AS groups
  FROM in_groups AS m JOIN of_groups AS g ON g.chat_id = m.chat_id AND g.country <> m.country
  GROUP BY m.country, g.country
),
went AS (
  SELECT origin.country AS here, later.country AS there,
         count(DISTINCT o.cluster_id) AS contents,
         count(DISTINCT o.cluster_id) FILTER (WHERE o.answered) AS answered
  FROM origins AS o
  JOIN located AS origin ON origin.person_id = o.person_id
  JOIN introductions AS i ON i.cluster_id = o.cluster_id AND i."at" > o."at"
  JOIN located AS later ON later.person_id = i.person_id AND later.country <> origin.country
  GROUP BY origin.country, later.country
),
pairs AS (
  SELECT least(here, there) AS a, greatest(here, there) AS b FROM met
  UNION SELECT least(here, there), greatest(here, there) FROM went
),
joined AS (
  SELECT p.a, p.b, coalesce(one.persons, 0) AS persons_a, coalesce(other.persons, 0) AS persons_b,
         coalesce(one.conflicted, 0) + coalesce(other.conflicted, 0) AS conflicted,
         coalesce(one.groups, 0) AS groups,
         coalesce(f.contents, 0) AS a_to_b, coalesce(f.answered, 0) AS a_to_b_answered,
         coalesce(t.contents, 0) AS b_to_a, coalesce(t.answered, 0) AS b_to_a_answered
  FROM pairs AS p
  LEFT JOIN met AS one ON one.here = p.a AND one.there = p.b
  LEFT JOIN met AS other ON other.here = p.b AND other.there = p.a
  LEFT JOIN went AS f ON f.here = p.a AND f.there = p.b
  LEFT JOIN went AS t ON t.here = p.b AND t.there = p.a
),
summed AS (
  SELECT *, persons_a + persons_b AS persons, a_to_b + b_to_a AS contents FROM joined
)
SELECT *,
       rank() OVER (ORDER BY persons DESC) AS rank_by_persons,
       rank() OVER (ORDER BY groups DESC) AS rank_by_groups,
       rank() OVER (ORDER BY contents DESC) AS rank_by_contents
FROM summed
ORDER BY rank_by_persons + rank_by_groups + rank_by_contents, a, b
