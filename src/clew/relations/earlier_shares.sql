-- One row per content and group that first showed it by a person's share, and per share of it by
-- somebody else in another group before: each person's first in each group.
WITH ordered AS (
  SELECT cluster_id, chat_id, person_id, sent_at, event_id, merged_id,
         row_number() OVER (PARTITION BY cluster_id, chat_id
                            ORDER BY sent_at, merged_id) AS rank_here,
         row_number() OVER (PARTITION BY cluster_id, chat_id, person_id
                            ORDER BY sent_at, merged_id) AS rank_own
  FROM shared_in_groups WHERE sent_at IS NOT NULL
),
-- first known share of a content in a group
came AS (SELECT * FROM ordered WHERE rank_here = 1),
-- first share of a content by each person in each group
stood AS (SELECT * FROM ordered WHERE rank_own = 1)
SELECT c.cluster_id, c.chat_id AS to_chat, c.person_id, c.event_id, c.sent_at AS came_at,
       s.chat_id AS from_chat, s.event_id AS seen_event_id, s.sent_at AS seen_at, s.merged_id
FROM came AS c
JOIN stood AS s ON s.cluster_id = c.cluster_id AND s.chat_id <> c.chat_id
 AND s.person_id <> c.person_id AND s.sent_at < c.sent_at
