,
told AS (SELECT sha256, min(cluster_id) AS cluster_id FROM file_clusters GROUP BY sha256),
given AS (
  SELECT coalesce(t.cluster_id, s.sha256) AS cluster_id, s.chat_id, s.person_id, s.sent_at,
         s.event_id, s.merged_id
  FROM sent AS s
  JOIN (SELECT DISTINCT chat_id FROM groups) AS g ON g.chat_id = s.chat_id
  LEFT JOIN told AS t ON t.sha256 = s.sha256
  WHERE s.sent_at IS NOT NULL AND s.person_id IS NOT NULL
),
ordered AS (
  SELECT *,
         row_number() OVER (PARTITION BY cluster_id, chat_id
                            ORDER BY sent_at, merged_id) AS place_here,
         row_number() OVER (PARTITION BY cluster_id, chat_id, person_id
                            ORDER BY sent_at, merged_id) AS place_own
  FROM given
),
-- first known share of a content in a group
came AS (SELECT * FROM ordered WHERE place_here = 1),
-- first share of a content by each person in each group
stood AS (SELECT * FROM ordered WHERE place_own = 1),
by_country AS (
  SELECT chat_id, country, count(*) AS members, sum(count(*)) OVER (PARTITION BY chat_id) AS known,
         row_number() OVER (PARTITION BY chat_id ORDER BY count(*) DESC, country) AS place
  FROM group_members WHERE country IS NOT NULL GROUP BY chat_id, country
),
homes AS (SELECT chat_id, country FROM by_country WHERE place = 1 AND 2 * members >= known),
-- shares of the same content in other groups before: few, so they are found first
before AS MATERIALIZED (
  SELECT c.cluster_id, c.chat_id AS to_chat, c.person_id, c.event_id, c.sent_at AS came_at,
         s.chat_id AS from_chat, s.event_id AS seen_event_id, s.sent_at AS seen_at, s.merged_id
  FROM came AS c
  JOIN stood AS s ON s.cluster_id = c.cluster_id AND s.chat_id <> c.chat_id
   AND s.person_id <> c.person_id AND s.sent_at < c.sent_at
),
-- and of these, the ones in a group that the person was in at the time
seen AS (
  SELECT b.*, f.country AS from_country, h.country AS to_country,
         row_number() OVER (PARTITION BY b.cluster_id, b.to_chat
                            ORDER BY b.seen_at DESC, b.merged_id) AS place
  FROM before AS b
  JOIN group_members AS m ON m.person_id = b.person_id AND m.chat_id = b.from_chat
   AND (m.joined_at IS NULL OR b.seen_at >= m.joined_at)
   AND (m.ended_at IS NULL OR b.seen_at <= m.ended_at)
  LEFT JOIN homes AS f ON f.chat_id = b.from_chat
  LEFT JOIN homes AS h ON h.chat_id = b.to_chat
)
SELECT cluster_id, min(person_id) AS person_id,
       min(from_chat) FILTER (WHERE place = 1) AS from_chat, to_chat,
       min(from_country) FILTER (WHERE place = 1) AS from_country, min(to_country) AS to_country,
       count(DISTINCT from_chat) AS seen_in,
       coalesce(min(to_country) IS NOT NULL AND count(from_country) > 0
                AND max(CASE WHEN from_country = to_country THEN 1 ELSE 0 END) = 0, FALSE) AS abroad,
       min(seen_event_id) FILTER (WHERE place = 1) AS seen_event_id, min(event_id) AS event_id,
       min(seen_at) FILTER (WHERE place = 1) AS seen_at, min(came_at) AS "at"
FROM seen GROUP BY cluster_id, to_chat
ORDER BY cluster_id, to_chat
