-- When the holder of a device left a group or was removed, as any device says
WITH holders AS (SELECT person_id, unnest(is_owner_of) AS exhibit_id FROM persons),
told AS (
  SELECT p.person_id, m.chat_id, m.ended_at
  FROM memberships AS m JOIN person_accounts AS p ON p.account_id = m.account_id
  WHERE m.ended_at IS NOT NULL
  UNION ALL
  SELECT p.person_id, g.chat_id, g."at"
  FROM (SELECT chat_id, "at", unnest(CASE WHEN len(targets) > 0 THEN targets ELSE [actor] END)
                AS account_id
        FROM group_events WHERE action IN ('left', 'removed')) AS g
  JOIN person_accounts AS p ON p.account_id = g.account_id
  WHERE g."at" IS NOT NULL
)
SELECT DISTINCT h.exhibit_id, t.chat_id, t.ended_at
FROM holders AS h JOIN told AS t ON t.person_id = h.person_id
