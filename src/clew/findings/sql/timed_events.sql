-- When each copy of a message was sent, in UTC as far as can be, and by whose clock. The server's
-- stamp stands; the device's own is corrected where its clock is known; local time is put into UTC
-- by the zone found for the export, else by the exhibit's stated zone, else left as it stands.
WITH zones AS (SELECT name FROM pg_timezone_names()),
local AS (
  SELECT m.event_id, m.exhibit_id, m.source_id, try_cast(m.sent_local AS TIMESTAMP) AS local_at
  FROM messages AS m WHERE m.sent_at IS NULL AND m.sent_local IS NOT NULL
),
placed AS (
  SELECT l.event_id, l.local_at, z.offset_minutes, k.name AS zone
  FROM local AS l
  ASOF LEFT JOIN (
    SELECT source_id, offset_minutes,
           CASE WHEN row_number() OVER (PARTITION BY source_id ORDER BY since) = 1
                THEN TIMESTAMP '1970-01-01'
                ELSE CAST(since AS TIMESTAMP) + to_minutes(offset_minutes) END AS local_since
    FROM export_zones) AS z
    ON z.source_id = l.source_id AND z.local_since <= l.local_at
  LEFT JOIN exhibits AS e ON e.exhibit_id = l.exhibit_id
  LEFT JOIN zones AS k ON k.name = e.time_zone
  WHERE l.local_at IS NOT NULL
)
SELECT m.event_id, m.exhibit_id, m.source_id, m.locator, m.chat_id, m.sender_account_id, m.kind,
       CASE WHEN p.offset_minutes IS NOT NULL
            THEN timezone('UTC', p.local_at - to_minutes(p.offset_minutes))
            WHEN p.zone IS NOT NULL THEN timezone(p.zone, p.local_at)
            WHEN p.local_at IS NOT NULL THEN timezone('UTC', p.local_at)
            WHEN coalesce(m.from_owner, FALSE) AND c.exhibit_id IS NOT NULL
            THEN make_timestamptz(epoch_us(m.sent_at) - CAST(round(1000000 * (c.ahead_s
                   + c.drift_s * (epoch_us(m.sent_at) - epoch_us(c.from_at)) / 2592000000000))
                 AS BIGINT))
            ELSE m.sent_at END AS sent_at,
       CASE WHEN p.offset_minutes IS NOT NULL THEN 'export_zone'
            WHEN p.zone IS NOT NULL THEN 'stated_zone'
            WHEN p.local_at IS NOT NULL THEN 'local'
            WHEN NOT coalesce(m.from_owner, FALSE) THEN 'server'
            WHEN c.exhibit_id IS NOT NULL THEN 'device_corrected'
            ELSE 'device_uncorrected' END AS basis,
       CASE WHEN m.ts_precision = 'min' THEN 'minute' ELSE 'second' END AS precision
FROM messages AS m
LEFT JOIN placed AS p ON p.event_id = m.event_id
LEFT JOIN clock_offsets AS c ON c.exhibit_id = m.exhibit_id
WHERE m.sent_at IS NOT NULL OR p.local_at IS NOT NULL
