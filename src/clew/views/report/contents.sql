-- Contents that matter
-- Which contents are known, new or most spread, and who is first known to have shared each?
--
-- parameters = { each = 15 }
-- [columns]
-- near = "bool"
-- least_person = "Id[Person]"
-- least_chat = "Id[Chat]"
-- least_at = "datetime"
-- for_known = "bool"
-- for_new = "bool"
-- for_spread = "bool"
WITH contents AS (
  SELECT cluster_id, min(representative) AS representative, bool_or(known) AS known,
         bool_or(known OR known_near) AS near,
         bool_and(settled_by = 'ignorable') AS ignorable,
         CAST(sum(shares) AS BIGINT) AS shares, max(chats) AS chats, max(persons) AS persons,
         bool_or(file_present) AS file_present, count(*) AS contents,
         min(coalesce(media_type, 'unknown type')) AS media_type
  FROM file_clusters GROUP BY cluster_id HAVING sum(shares) > 0
),
leads AS (SELECT person_id FROM new_material WHERE place <= 10),
ranked AS (
  SELECT *, row_number() OVER (PARTITION BY cluster_id ORDER BY NOT first_in_cluster,
                               sent_at NULLS LAST, sha256) AS turn
  FROM first_shares
),
begun AS (
  SELECT c.*, o.person_id, o.chat_id, o."at", o.event_id, o.chance, o.sharers,
         o.forwarded, o.own_device,
         o.likely_person_id, o.likely_chance, coalesce(o.answered, FALSE) AS answered,
         f.person_id AS least_person, f.chat_id AS least_chat, f.sent_at AS least_at,
         f.certainty, f.witnesses, f.could_know_better,
         l.person_id IS NOT NULL AS lead
  FROM contents AS c
  LEFT JOIN origins AS o ON o.cluster_id = c.cluster_id
  LEFT JOIN ranked AS f ON f.cluster_id = c.cluster_id AND f.turn = 1
  LEFT JOIN leads AS l ON l.person_id = o.person_id
),
turns AS (
  SELECT *,
         row_number() OVER (PARTITION BY known ORDER BY chats DESC, shares DESC, cluster_id) AS k,
         row_number() OVER (PARTITION BY lead AND NOT near AND NOT ignorable
                            ORDER BY chats DESC, shares DESC, cluster_id) AS n,
         row_number() OVER (PARTITION BY ignorable ORDER BY chats DESC, shares DESC, cluster_id)
           AS s
  FROM begun
),
chosen AS (
  SELECT *, known AND k <= $each AS for_known,
         lead AND NOT near AND NOT ignorable AND n <= $each AS for_new,
         NOT ignorable AND s <= $each AS for_spread
  FROM turns
)
SELECT cluster_id, representative, known, near, ignorable, shares, chats, persons, file_present,
       contents, media_type, person_id, chat_id, "at", event_id, chance, sharers, forwarded,
       own_device,
       likely_person_id, likely_chance, answered, least_person, least_chat, least_at,
       certainty, witnesses, could_know_better, for_known, for_new, for_spread
FROM chosen WHERE for_known OR for_new OR for_spread
ORDER BY for_known DESC, for_new DESC, chats DESC, shares DESC, cluster_id
