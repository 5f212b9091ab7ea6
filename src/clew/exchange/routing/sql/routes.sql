-- Whom the rules propose to which country, whom they count, and whom they keep back
WITH met AS (
  SELECT person_id, sorted_set(rule) AS rules FROM route_grounds GROUP BY person_id
),
seizing AS (
  SELECT h.person_id, min(e.country) AS country, count(DISTINCT e.country) AS countries
  FROM holders AS h JOIN exhibits AS e ON e.exhibit_id = h.exhibit_id GROUP BY h.person_id
),
given_again AS (
  SELECT DISTINCT p.person_id
  FROM person_accounts AS p
  JOIN recycled_numbers AS r ON p.account_id IN (r.account_id, r.later_account_id)
),
placed AS (
  SELECT p.person_id,
         CASE WHEN s.countries = 1 THEN s.country ELSE c.country END AS found,
         coalesce(c.confidence, 0) AS confidence,
         coalesce(c.number_only, FALSE) AND s.countries IS NULL AS number_only,
         coalesce(c.conflict, FALSE) OR coalesce(s.countries > 1, FALSE)
           OR coalesce(s.country <> c.country, FALSE) AS conflict,
         coalesce(c.other_countries, CAST([] AS VARCHAR[])) AS other_countries,
         coalesce(s.countries > 1, FALSE) AS two_devices,
         a.person_id IS NOT NULL AS given_again,
         coalesce(m.rules, ['R7']) AS rules, coalesce(r.known_shares, 0) AS known_shares
  FROM persons AS p
  LEFT JOIN person_countries AS c ON c.person_id = p.person_id
  LEFT JOIN seizing AS s ON s.person_id = p.person_id
  LEFT JOIN given_again AS a ON a.person_id = p.person_id
  LEFT JOIN met AS m ON m.person_id = p.person_id
  LEFT JOIN roles AS r ON r.person_id = p.person_id
  WHERE NOT p.named_only
),
doubted AS (
  SELECT person_id, 'no_country' AS doubt FROM placed WHERE found IS NULL AND NOT conflict
  UNION ALL SELECT person_id, 'two_countries' FROM placed WHERE conflict AND NOT two_devices
  UNION ALL SELECT person_id, 'two_devices' FROM placed WHERE two_devices
  UNION ALL SELECT person_id, 'recycled_number' FROM placed WHERE given_again
),
doubts AS (
  SELECT person_id, sorted_set(doubt) AS doubts FROM doubted GROUP BY person_id
),
joined AS (
  SELECT p.person_id, p.found, p.confidence, p.number_only, p.conflict, p.other_countries,
         p.rules AS met_rules, p.known_shares,
         coalesce(d.doubts, CAST([] AS VARCHAR[])) AS doubts, d.person_id IS NOT NULL AS in_doubt,
         CASE WHEN list_contains(p.rules, 'R8') THEN 'R8' ELSE p.rules[1] END AS rule
  FROM placed AS p LEFT JOIN doubts AS d ON d.person_id = p.person_id
)
SELECT person_id, rule,
       CASE WHEN in_doubt THEN list_concat(met_rules, ['R9']) ELSE met_rules END AS rules,
       CASE WHEN in_doubt THEN NULL ELSE found END AS country,
       CAST(CASE WHEN in_doubt THEN 0 ELSE confidence END AS DOUBLE) AS confidence, number_only,
       conflict, other_countries,
       CASE WHEN rule = 'R8' THEN 'desk' WHEN rule = 'R7' THEN 'never' WHEN rule = 'R6' THEN 'counted'
            WHEN in_doubt THEN 'undecided' ELSE 'proposed' END AS state,
       doubts, known_shares
FROM joined
ORDER BY person_id
