-- The country that each person most likely belongs to: each basis counts once, by its strongest
-- Tables in memory: country_evidence_found.
WITH once AS (
  SELECT person_id, country, basis, max(confidence) AS confidence
  FROM country_evidence_found GROUP BY person_id, country, basis
),
combined AS (
  SELECT person_id, country, 1 - exp(list_sum(ordered_list(ln(1 - confidence), confidence)))
           AS confidence,
         ordered_list(basis, struct_pack(c := -confidence, b := basis)) AS basis
  FROM once GROUP BY person_id, country
),
ranked AS (
  SELECT *, row_number() OVER (PARTITION BY person_id ORDER BY confidence DESC, country) AS rank,
         country || '=' || printf('%.2f', confidence) AS words
  FROM combined
),
answers AS (
  SELECT person_id, min_by(country, rank) AS first, min_by(basis, rank) AS basis,
         max(confidence) AS confidence,
         max(confidence) FILTER (WHERE rank = 2) AS second,
         ordered_list(words, rank) AS all_words,
         without(ordered_list(words, rank), [min(words) FILTER (WHERE rank = 1)]) AS other_words
  FROM ranked GROUP BY person_id
),
judged AS (
  SELECT *, coalesce(confidence - second < 0.05, FALSE) AS open FROM answers
)
SELECT p.person_id,
       CASE WHEN j.open THEN NULL ELSE j.first END AS country,
       CAST(CASE WHEN j.open OR j.first IS NULL THEN 0 ELSE j.confidence END AS DOUBLE) AS confidence,
       CASE WHEN j.first IS NULL OR j.open THEN CAST([] AS VARCHAR[]) ELSE j.basis END AS basis,
       coalesce(j.basis = ['number_prefix'] AND NOT j.open, FALSE) AS number_only,
       j.second IS NOT NULL AS conflict,
       CASE WHEN j.second IS NULL THEN CAST([] AS VARCHAR[])
            WHEN j.open THEN j.all_words ELSE j.other_words END AS other_countries
FROM persons AS p LEFT JOIN judged AS j ON j.person_id = p.person_id
WHERE NOT p.named_only
ORDER BY p.person_id
