-- Find who brought a content into a group after it had stood in another group of theirs.
WITH by_country AS (
  SELECT chat_id, country, count(*) AS members FROM group_members
  WHERE country IS NOT NULL GROUP BY chat_id, country
),
ranked AS (
  SELECT chat_id, country, members, CAST(sum(members) OVER (PARTITION BY chat_id) AS BIGINT) AS known,
         row_number() OVER (PARTITION BY chat_id ORDER BY members DESC, country) AS rank
  FROM by_country
),
homes AS (SELECT chat_id, country FROM ranked WHERE rank = 1 AND 2 * members >= known),
-- of earlier shares, the ones in a group that the person was in at the time
seen AS (
  SELECT b.cluster_id, b.to_chat, b.person_id, b.event_id, b.came_at, b.from_chat, b.seen_event_id,
         b.seen_at, f.country AS from_country, h.country AS to_country,
         row_number() OVER (PARTITION BY b.cluster_id, b.to_chat
                            ORDER BY b.seen_at DESC, b.merged_id) AS rank
  FROM earlier_shares AS b
  JOIN group_members AS m ON m.person_id = b.person_id AND m.chat_id = b.from_chat
   AND (m.joined_at IS NULL OR b.seen_at >= m.joined_at)
   AND (m.ended_at IS NULL OR b.seen_at <= m.ended_at)
  LEFT JOIN homes AS f ON f.chat_id = b.from_chat
  LEFT JOIN homes AS h ON h.chat_id = b.to_chat
)
SELECT cluster_id, min(person_id) AS person_id,
       min(from_chat) FILTER (WHERE rank = 1) AS from_chat, to_chat,
       min(from_country) FILTER (WHERE rank = 1) AS from_country, min(to_country) AS to_country,
       count(DISTINCT from_chat) AS seen_in,
       coalesce(min(to_country) IS NOT NULL AND count(from_country) > 0
                AND max(CASE WHEN from_country = to_country THEN 1 ELSE 0 END) = 0, FALSE) AS abroad,
       min(seen_event_id) FILTER (WHERE rank = 1) AS seen_event_id, min(event_id) AS event_id,
       min(seen_at) FILTER (WHERE rank = 1) AS seen_at, min(came_at) AS "at"
FROM seen GROUP BY cluster_id, to_chat
ORDER BY cluster_id, to_chat
