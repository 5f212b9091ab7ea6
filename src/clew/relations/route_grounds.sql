-- One row per person, rule and thing that the rule rests on. The threshold of R5 is the latest that
-- was judged, or 50: on a generated operation 18 in 100 persons of 50 known files and more were of
-- interest, and 4 in 100 of those of one and more.
WITH given AS (
  SELECT max(number) AS number FROM route_thresholds WHERE counts
),
threshold AS (
  SELECT coalesce(min(t.known_shares), 50) AS known_shares, min(t.number) AS judgement
  FROM given AS g LEFT JOIN route_thresholds AS t ON t.number = g.number
),
known_clusters AS (
  SELECT DISTINCT f.cluster_id
  FROM file_clusters AS f JOIN known_contents AS k ON k.sha256 = f.sha256
),
grounds AS (
  SELECT person_id, 'R1' AS rule, exhibit_id, CAST(NULL AS VARCHAR) AS chat_id,
         CAST(NULL AS VARCHAR) AS event_id, CAST(NULL AS BIGINT) AS judgement,
         CAST([] AS VARCHAR[]) AS figures
  FROM holders
  UNION ALL
  SELECT person_id, CASE WHEN category IN ('suspect', 'convicted') THEN 'R2' ELSE 'R8' END,
         NULL, NULL, NULL, judgement, ['category=' || category]
  FROM person_category
  WHERE category IN ('suspect', 'convicted', 'victim', 'possible_victim')
  UNION ALL
  SELECT m.person_id, CASE WHEN m.role = 'member' THEN 'R6' ELSE 'R3' END,
         NULL, m.chat_id, NULL, NULL, ['role=' || m.role]
  FROM group_members AS m JOIN investigated_groups AS g ON g.chat_id = m.chat_id
  UNION ALL
  SELECT o.person_id, 'R4', NULL, o.chat_id, o.event_id, NULL,
         ['least_chance=' || printf('%.2f', o.least_chance)]
  FROM origins AS o JOIN known_clusters AS k ON k.cluster_id = o.cluster_id
  WHERE o.answered
  UNION ALL
  SELECT r.person_id, 'R5', NULL, NULL, NULL, t.judgement,
         ['known_shares=' || CAST(r.known_shares AS VARCHAR),
          'threshold=' || CAST(t.known_shares AS VARCHAR)]
  FROM roles AS r JOIN threshold AS t ON r.known_shares >= t.known_shares
)
SELECT g.* FROM grounds AS g
JOIN persons AS p ON p.person_id = g.person_id AND NOT p.named_only
