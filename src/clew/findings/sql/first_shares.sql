-- One row per content: its earliest known share, and the devices that could have known better.
-- content_clusters are the clusters by what pictures and videos look like.
WITH ranked AS (
  SELECT *, row_number() OVER (PARTITION BY sha256 ORDER BY sent_at NULLS LAST, merged_id) AS rank
  FROM shared
),
spread AS (
  SELECT sha256, count(*) AS shares, count(DISTINCT chat_id) AS chats,
         count(DISTINCT person_id) AS persons,
         count(*) FILTER (WHERE sent_at IS NULL) AS untimed_shares
  FROM shared GROUP BY sha256
),
copies AS (
  SELECT m.exhibit_id, coalesce(t.chat_id, m.chat_id) AS chat_id, min(m.sent_at) AS begins
  FROM messages AS m LEFT JOIN tied_exports AS t ON t.export_chat = m.chat_id
  GROUP BY m.exhibit_id, coalesce(t.chat_id, m.chat_id)
),
first_of AS (SELECT * FROM ranked WHERE rank = 1),
begun AS (
  SELECT chat_id, min(since) AS since FROM (
    SELECT chat_id, begins AS since FROM copies
    UNION ALL SELECT chat_id, created_at AS since FROM chats WHERE created_at IS NOT NULL
  ) AS known GROUP BY chat_id
),
spread_to AS (SELECT DISTINCT sha256, chat_id FROM shared),
of_holders AS (
  SELECT DISTINCT coalesce(t.chat_id, m.chat_id) AS chat_id, q.exhibit_id
  FROM memberships AS m
  LEFT JOIN tied_exports AS t ON t.export_chat = m.chat_id
  JOIN account_person AS p ON p.account_id = m.account_id
   AND coalesce(m.joined_at, m.ended_at, p.untimed) BETWEEN p.since AND p.until
  JOIN holders AS q ON q.person_id = p.person_id
),
-- what each exhibit holds, or as its holder's should hold, of a conversation, and since when
records AS (
  SELECT coalesce(h.chat_id, o.chat_id) AS chat_id,
         coalesce(h.exhibit_id, o.exhibit_id) AS exhibit_id, h.begins
  FROM copies AS h
  FULL OUTER JOIN of_holders AS o ON o.chat_id = h.chat_id AND o.exhibit_id = h.exhibit_id
),
later AS (
  SELECT f.sha256, r.exhibit_id, bool_or(r.begins IS NULL) AS untimed
  FROM first_of AS f
  JOIN spread_to AS c ON c.sha256 = f.sha256
  JOIN records AS r ON r.chat_id = c.chat_id
  LEFT JOIN begun AS b ON b.chat_id = c.chat_id
  WHERE (r.begins IS NULL OR r.begins > f.sent_at) AND (b.since IS NULL OR b.since <= f.sent_at)
  GROUP BY f.sha256, r.exhibit_id
),
better AS (
  SELECT sha256, sorted_set(exhibit_id) AS exhibits,
         sorted_set(CASE WHEN untimed THEN exhibit_id END) AS untimed
  FROM later GROUP BY sha256
)
SELECT f.sha256, f.event_id, f.chat_id, f.account_id, f.person_id, f.sent_at, f.witnesses,
       s.shares, s.chats, s.persons, s.untimed_shares,
       CASE WHEN f.forwarded = 1 THEN 'forwarded'
            WHEN f.is_holder THEN 'sender_seized' ELSE 'witnessed' END AS certainty,
       coalesce(b.exhibits, CAST([] AS VARCHAR[])) AS could_know_better,
       coalesce(b.untimed, CAST([] AS VARCHAR[])) AS untimed_exhibits,
       coalesce(k.cluster_id, f.sha256) AS cluster_id,
       row_number() OVER (PARTITION BY coalesce(k.cluster_id, f.sha256)
                          ORDER BY f.sent_at NULLS LAST, f.sha256) = 1 AS first_in_cluster
FROM first_of AS f
LEFT JOIN content_clusters AS k ON k.sha256 = f.sha256
JOIN spread AS s ON s.sha256 = f.sha256
LEFT JOIN better AS b ON b.sha256 = f.sha256
ORDER BY f.sha256
