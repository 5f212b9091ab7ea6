-- Counts of contents
-- Of how many contents was it asked who brought them in, and how many are answered?
--
-- [columns]
-- contents = "int"
-- asked = "int"
-- answered = "int"
-- known_sets = "int"
-- seen_part = "float"
-- leads = "int"
WITH shared_contents AS (
  SELECT count(DISTINCT cluster_id) AS contents FROM file_clusters WHERE shares > 0
),
begun AS (
  SELECT count(*) AS asked, count(*) FILTER (WHERE answered) AS answered FROM origins
),
known AS (SELECT count(*) AS known_sets FROM hash_sets WHERE kind = 'known'),
fitted AS (
  SELECT coalesce(max(labels), 0) AS labels,
         max(CASE WHEN figure = 'seen_part' THEN coefficient END) AS seen_part
  FROM introduction_model
),
led AS (SELECT count(*) AS leads FROM new_material)
SELECT contents, asked, answered, known_sets, labels, seen_part, leads
FROM shared_contents CROSS JOIN begun CROSS JOIN known CROSS JOIN fitted CROSS JOIN led
ORDER BY contents
