-- One row per copy of a message that has a time, with when it was sent in UTC as far as can be, and
-- by whose clock. The server's stamp stands; the device's own is corrected where its clock is known;
-- local time is put into UTC by the zone found for the export, else by the exhibit's stated zone,
-- else left as it stands.
WITH local_times AS (
  SELECT event_id, exhibit_id, source_id, try_cast(sent_local AS TIMESTAMP) AS local_at
  FROM messages WHERE sent_at IS NULL AND sent_local IS NOT NULL
),
export_spans AS (
  SELECT source_id, offset_minutes,
         CASE WHEN row_number() OVER (PARTITION BY source_id ORDER BY since) = 1
              THEN TIMESTAMP '1970-01-01'
              ELSE CAST(since AS TIMESTAMP) + to_minutes(offset_minutes) END AS local_since
  FROM export_zones
),
found_zones AS (
  SELECT l.event_id, max_by(z.offset_minutes, z.local_since) AS offset_minutes
  FROM local_times AS l
  JOIN export_spans AS z ON z.source_id = l.source_id AND z.local_since <= l.local_at
  GROUP BY l.event_id
),
located AS (
  SELECT l.event_id, l.local_at, z.offset_minutes, k.name AS zone
  FROM local_times AS l
  LEFT JOIN found_zones AS z ON z.event_id = l.event_id
  LEFT JOIN exhibits AS e ON e.exhibit_id = l.exhibit_id
  LEFT JOIN time_zones AS k ON k.name = e.time_zone
  WHERE l.local_at IS NOT NULL
)
SELECT m.event_id, m.exhibit_id, m.source_id, m.locator,
       coalesce(t.chat_id, m.chat_id) AS chat_id, m.sender_account_id, m.kind,
       CASE WHEN p.offset_minutes IS NOT NULL
            THEN timezone('UTC', p.local_at - to_minutes(p.offset_minutes))
            WHEN p.zone IS NOT NULL THEN timezone(p.zone, p.local_at)
            WHEN p.local_at IS NOT NULL THEN timezone('UTC', p.local_at)
            ELSE m.corrected_at END AS sent_at,
       CASE WHEN p.offset_minutes IS NOT NULL THEN 'export_zone'
            WHEN p.zone IS NOT NULL THEN 'stated_zone'
            WHEN p.local_at IS NOT NULL THEN 'local'
            ELSE b.basis END AS basis,
       CASE WHEN m.ts_precision = 'min' THEN 'minute' ELSE 'second' END AS precision
FROM corrected_times AS m
LEFT JOIN located AS p ON p.event_id = m.event_id
LEFT JOIN time_bases AS b ON b.time_basis = m.time_basis
LEFT JOIN tied_exports AS t ON t.export_chat = m.chat_id
WHERE m.sent_at IS NOT NULL OR p.local_at IS NOT NULL
