-- One row per shared content, near duplicates together, that no known or ignorable set has, with the
-- earliest share that has a time and who is likeliest to have brought it in.
WITH contents AS (
  SELECT cluster_id, count(*) AS contents, bool_or(file_present) AS file_present,
         min(media_type) AS media_type, max(cluster_shares) AS shares, max(cluster_chats) AS chats,
         max(cluster_persons) AS persons, max(cluster_countries) AS countries,
         list_sort(array_agg(sha256)) AS sha256
  FROM file_clusters GROUP BY cluster_id
  HAVING max(cluster_shares) > 0 AND NOT bool_or(known OR known_near OR ignorable)
),
earliest AS (
  SELECT cluster_id, min_by(struct_pack("at" := sent_at, chat_id := chat_id, person_id := person_id,
                                        event_id := event_id),
                            struct_pack(a := sent_at, e := event_id)) AS share
  FROM first_shares WHERE sent_at IS NOT NULL AND first_in_cluster GROUP BY cluster_id
)
SELECT c.*, coalesce(o."at", e.share."at") AS "at", coalesce(o.chat_id, e.share.chat_id) AS chat_id,
       coalesce(o.person_id, e.share.person_id) AS person_id,
       coalesce(o.event_id, e.share.event_id) AS event_id, coalesce(o.answered, FALSE) AS answered,
       CASE WHEN o.answered THEN o.likely_person_id END AS likely_person_id,
       CASE WHEN o.answered THEN o.likely_chance END AS likely_chance
FROM contents AS c
LEFT JOIN origins AS o ON o.cluster_id = c.cluster_id
LEFT JOIN earliest AS e ON e.cluster_id = c.cluster_id
