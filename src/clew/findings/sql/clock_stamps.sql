-- Stamps of messages that some device received: what the server said, and what clocks said
WITH kept AS (
  SELECT exhibit_id, message_key, from_owner, sent_at, received_at
  FROM messages
  WHERE message_key IS NOT NULL AND from_owner IS NOT NULL AND tz_basis = 'utc'
    AND kind <> 'system' AND state = 'live' AND sent_at IS NOT NULL
),
server AS (
  SELECT message_key, median(epoch_us(sent_at)) AS stamp
  FROM kept WHERE NOT from_owner GROUP BY message_key
)
SELECT k.exhibit_id, k.message_key, k.from_owner, CAST(s.stamp AS BIGINT) AS server_us,
       epoch_us(k.sent_at) AS sent_us, epoch_us(k.received_at) AS received_us
FROM kept AS k LEFT JOIN server AS s ON s.message_key = k.message_key
ORDER BY k.exhibit_id, k.message_key, k.from_owner, sent_us
