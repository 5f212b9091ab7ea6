-- Lives of groups
-- From when until when is anything known of each group?
--
-- [columns]
-- begins = "datetime"
-- ends = "datetime"
WITH joined AS (
  SELECT chat_id, min(joined_at) AS joined_at FROM group_members GROUP BY chat_id
)
SELECT g.chat_id, g.subject, g.members, g.platform,
       least(coalesce(g.created_at, g.first_at, j.joined_at),
             coalesce(g.first_at, g.created_at, j.joined_at),
             coalesce(j.joined_at, g.first_at, g.created_at)) AS begins,
       coalesce(g.last_at, g.created_at, j.joined_at) AS ends
FROM groups AS g LEFT JOIN joined AS j ON j.chat_id = g.chat_id
ORDER BY members DESC, chat_id
