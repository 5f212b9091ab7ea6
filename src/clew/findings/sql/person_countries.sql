-- The country that each person most likely belongs to: each basis counts once, by its strongest
-- Tables in memory: country_evidence_found.
WITH once AS (
  SELECT person_id, country, basis, max(confidence) AS confidence
  FROM country_evidence_found GROUP BY ALL
),
told AS (
  SELECT person_id, country, 1 - exp(list_sum(array_agg(ln(1 - confidence) ORDER BY confidence))) AS confidence,
         array_agg(basis ORDER BY confidence DESC, basis) AS basis
  FROM once GROUP BY person_id, country
),
ranked AS (
  SELECT *, row_number() OVER (PARTITION BY person_id ORDER BY confidence DESC, country) AS place,
         country || '=' || printf('%.2f', confidence) AS words
  FROM told
),
held AS (
  SELECT person_id, arg_min(country, place) AS first, min_by(basis, place) AS basis,
         max(confidence) AS confidence,
         max(confidence) FILTER (WHERE place = 2) AS second,
         array_agg(words ORDER BY place) AS all_words
  FROM ranked GROUP BY person_id
),
judged AS (
  SELECT *, coalesce(confidence - second < 0.05, FALSE) AS open FROM held
)
SELECT p.person_id,
       CASE WHEN j.open THEN NULL ELSE j.first END AS country,
       CAST(CASE WHEN j.open OR j.first IS NULL THEN 0 ELSE j.confidence END AS DOUBLE) AS confidence,
       CASE WHEN j.first IS NULL OR j.open THEN CAST([] AS VARCHAR[]) ELSE j.basis END AS basis,
       coalesce(j.basis = ['number_prefix'] AND NOT j.open, FALSE) AS number_only,
       j.second IS NOT NULL AS conflict,
       CASE WHEN j.second IS NULL THEN CAST([] AS VARCHAR[])
            WHEN j.open THEN j.all_words ELSE j.all_words[2:] END AS other_countries
FROM persons AS p LEFT JOIN judged AS j ON j.person_id = p.person_id
ORDER BY p.person_id
