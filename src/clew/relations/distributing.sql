-- One row per person who shares again what is there, in two groups or more.
-- One share of a content may have been an introduction: with its chance, or the earliest known.
WITH firsts AS (
  SELECT cluster_id, min_by(person_id, struct_pack(a := sent_at, m := merged_id)) AS person_id
  FROM shared_in_groups WHERE sent_at IS NOT NULL GROUP BY cluster_id
),
brought AS (
  SELECT person_id, CAST(sum(CAST(round(chance * 10000) AS BIGINT)) AS BIGINT) / 10000.0 AS introduced
  FROM introductions GROUP BY person_id
  UNION ALL
  SELECT person_id, CAST(count(*) AS DOUBLE) FROM firsts
  WHERE NOT EXISTS (SELECT 1 FROM introductions) GROUP BY person_id
),
gave AS (
  SELECT person_id, count(*) AS shares, count(DISTINCT cluster_id) AS contents,
         count(DISTINCT chat_id) AS groups, CAST(sum(forwarded) AS BIGINT) AS forwarded
  FROM shared_in_groups GROUP BY person_id
)
SELECT g.person_id, q.country, g.shares, g.contents, g.groups, g.forwarded,
       coalesce(b.introduced, 0) AS introduced
FROM gave AS g
LEFT JOIN brought AS b ON b.person_id = g.person_id
LEFT JOIN persons AS q ON q.person_id = g.person_id
WHERE NOT coalesce(q.named_only, FALSE) AND g.groups >= 2 AND g.shares - coalesce(b.introduced, 0) >= 3
