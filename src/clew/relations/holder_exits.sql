-- One row per device, group and time at which the device's holder left it or was removed, as any
-- device says.
WITH leavings AS (
  SELECT chat_id, "at", unnest(CASE WHEN len(targets) > 0 THEN targets ELSE [actor] END)
           AS account_id
  FROM group_events WHERE action IN ('left', 'removed') AND "at" IS NOT NULL
),
stated AS (
  SELECT account_id, chat_id, ended_at FROM memberships WHERE ended_at IS NOT NULL
  UNION ALL
  SELECT account_id, chat_id, "at" FROM leavings
)
SELECT DISTINCT h.exhibit_id, t.chat_id, t.ended_at
FROM holder_accounts AS h
JOIN stated AS t ON t.account_id = h.account_id AND t.ended_at BETWEEN h.since AND h.until
