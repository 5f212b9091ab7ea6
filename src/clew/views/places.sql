-- Places
-- Where were pictures taken, and which places were sent in messages?
--
-- of = ["media_places", "message_places"]
-- [columns]
-- latitude = "Place"
-- longitude = "Place"
SELECT exhibit_id, source_id, CAST(round(latitude, 6) AS VARCHAR) AS latitude,
       CAST(round(longitude, 6) AS VARCHAR) AS longitude, altitude_m, fixed_at, locator,
       basis, value_raw
FROM media_places
UNION ALL
SELECT p.exhibit_id, p.source_id, CAST(round(p.latitude, 6) AS VARCHAR),
       CAST(round(p.longitude, 6) AS VARCHAR), NULL, m.sent_at, p.locator, 'message', p.value_raw
FROM message_places AS p LEFT JOIN messages AS m ON m.event_id = p.event_id
ORDER BY exhibit_id, source_id, locator, value_raw, basis
