-- One row per copy of a message, with when it was sent as far as clocks allow. A received copy has
-- the server's stamp; a sent one that of the device, which is corrected where its clock is known.
SELECT m.*,
       CASE WHEN coalesce(m.from_owner, FALSE) AND m.tz_basis = 'utc' AND c.exhibit_id IS NOT NULL
            THEN make_timestamptz(epoch_us(m.sent_at) - CAST(round(1000000 * (c.ahead_s
                   + c.drift_s * (epoch_us(m.sent_at) - epoch_us(c.from_at)) / 2592000000000))
                 AS BIGINT))
            ELSE m.sent_at END AS corrected_at,
       CASE WHEN m.sent_at IS NULL THEN 'none'
            WHEN NOT coalesce(m.from_owner, FALSE) OR m.tz_basis <> 'utc' THEN 'server'
            WHEN c.exhibit_id IS NULL THEN 'sender_clock' ELSE 'corrected' END AS time_basis
FROM messages AS m
LEFT JOIN clock_offsets AS c ON c.exhibit_id = m.exhibit_id
