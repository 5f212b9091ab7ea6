-- Single traces: invitations, first shares, pictures, files, notes, seizures, deletions
WITH events AS (
  SELECT merged_id, time_basis, witnesses, unnest(event_ids) AS event_id FROM merged_messages
),
bases AS (
  SELECT * FROM (VALUES ('server', 'server'), ('corrected', 'device_corrected'),
                        ('sender_clock', 'device_uncorrected')) AS b(time_basis, basis)
),
sets AS (SELECT count(*) AS n FROM hash_sets WHERE kind = 'known'),
known AS (SELECT cluster_id, bool_or(known) AS known FROM file_clusters GROUP BY cluster_id),
postings AS (
  SELECT p.*, coalesce(p.posted_at, t.sent_at) AS told_at,
         CASE WHEN p.posted_at IS NULL THEN t.basis ELSE coalesce(b.basis, 'server') END AS basis,
         coalesce(t.precision, 'second') AS precision, t.source_id
  FROM invite_postings AS p
  LEFT JOIN merged_messages AS m ON m.merged_id = p.place
  LEFT JOIN bases AS b ON b.time_basis = m.time_basis
  LEFT JOIN timed_events AS t ON t.event_id = p.event_ids[1]
),
noted AS (
  SELECT e.*, unnest(CASE WHEN e.first_day IS NULL THEN e.readings
                          ELSE [e.first_day || '/' || coalesce(e.last_day, e.first_day)] END)
           AS reading
  FROM entries AS e
),
deleted AS (
  SELECT m.merged_id, m.chat_id, m.sent_at, m.time_basis, m.sender_account_id, m.deleted_on,
         m.witnesses, list_filter(m.witnesses, lambda w: NOT list_contains(m.deleted_on, w)) AS live,
         unnest(m.event_ids) AS event_id
  FROM merged_messages AS m WHERE len(m.deleted_on) > 0
),
deletions AS (
  SELECT d.merged_id, min(d.chat_id) AS chat_id, min(d.sent_at) AS sent_at,
         min(d.time_basis) AS time_basis, min(x.deleted_at) AS deleted_at,
         min(coalesce(p.person_id, x.deleted_by)) AS deleted_by,
         min(coalesce(s.person_id, d.sender_account_id)) AS sender,
         min(d.deleted_on) AS deleted_on, min(d.live) AS live, count(*) AS rows,
         arg_min({'event_id': x.event_id, 'source_id': x.source_id, 'locator': x.locator},
                 x.event_id) AS first
  FROM deleted AS d
  JOIN messages AS x ON x.event_id = d.event_id AND list_contains(d.deleted_on, x.exhibit_id)
  LEFT JOIN person_accounts AS p ON p.account_id = x.deleted_by
  LEFT JOIN person_accounts AS s ON s.account_id = d.sender_account_id
  GROUP BY d.merged_id
),
spans AS (
  SELECT exhibit_id, min(sent_at) - INTERVAL 1 YEAR AS since, max(sent_at) + INTERVAL 1 YEAR AS until
  FROM messages WHERE sent_at IS NOT NULL GROUP BY exhibit_id
),
read_files AS (SELECT DISTINCT item_id, kind FROM sources),
paths AS (
  SELECT exhibit_id, sha256, min(path) AS path, count(*) AS copies FROM items
  WHERE sha256 IS NOT NULL GROUP BY exhibit_id, sha256
),
taken AS (
  SELECT m.*, i.path, i.copies, try_cast(replace(m.taken_local, ':', '-') AS DATE) AS day,
         coalesce(m.taken_at, timezone('UTC', coalesce(
           try_strptime(left(m.taken_local, 19), '%Y:%m:%d %H:%M:%S'),
           try_cast(m.taken_local AS TIMESTAMP)))) AS told_at
  FROM media_files AS m
  LEFT JOIN paths AS i ON i.exhibit_id = m.exhibit_id AND i.sha256 = m.source_id
)
SELECT told_at AS "at", precision, basis, basis = 'device_corrected' AS corrected,
       'invitation' AS kind,
       'an invitation was posted: ' || platform || ' ' || code AS what, 3 AS weight,
       len(event_ids) AS rows,
       CASE WHEN person_id IS NULL THEN CAST([] AS VARCHAR[]) ELSE [person_id] END AS persons,
       chat_id, exhibits[1] AS exhibit_id, exhibits, event_ids[1] AS event_id, source_id, locator
FROM postings WHERE told_at IS NOT NULL
UNION ALL BY NAME
SELECT o."at", 'second' AS precision, coalesce(b.basis, 'server') AS basis,
       coalesce(b.basis = 'device_corrected', FALSE) AS corrected, 'first_share' AS kind,
       'the earliest known share of '
         || CASE WHEN k.known THEN 'a known content' WHEN s.n > 0 THEN 'a content in no known set'
                 ELSE 'a content (no known set is loaded)' END
         || CASE WHEN o.answered THEN '; it most likely brought the content in'
                 ELSE '; the devices seized do not tell whether it brought the content in' END
         || '; ' || o.sharers || ' persons shared it' AS what,
       CASE WHEN k.known AND o.sharers > 1 THEN 2 ELSE 1 END AS weight, 1 AS rows,
       [o.person_id] AS persons, o.chat_id, m.exhibit_id, e.witnesses AS exhibits,
       o.cluster_id AS sha256, o.event_id, m.source_id, m.locator
FROM origins AS o
JOIN messages AS m ON m.event_id = o.event_id
LEFT JOIN events AS e ON e.event_id = o.event_id
LEFT JOIN bases AS b ON b.time_basis = e.time_basis
LEFT JOIN known AS k ON k.cluster_id = o.cluster_id
CROSS JOIN sets AS s
UNION ALL BY NAME
SELECT told_at AS "at", 'second' AS precision,
       CASE offset_basis WHEN 'stated' THEN 'camera_offset' WHEN 'satellite' THEN 'satellite'
            WHEN 'container_utc' THEN 'container_utc' ELSE 'local' END AS basis,
       FALSE AS corrected, 'picture' AS kind,
       'a ' || split_part(media_type, '/', 1) || ' says that it was taken then'
         || coalesce(' by ' || nullif(concat_ws(' ', make, model), ''), '') AS what, 1 AS weight,
       coalesce(copies, 1) AS rows, exhibit_id, [exhibit_id] AS exhibits, source_id AS sha256,
       source_id, path AS locator
FROM taken WHERE told_at IS NOT NULL
UNION ALL BY NAME
SELECT i.mtime AS "at", 'second' AS precision, 'file_system' AS basis, FALSE AS corrected,
       'file' AS kind, coalesce(r.kind, i.media_type, 'file') || ' last changed' AS what,
       CASE WHEN r.item_id IS NULL THEN 0 ELSE 1 END AS weight, 1 AS rows, i.exhibit_id,
       [i.exhibit_id] AS exhibits, i.sha256, i.sha256 AS source_id, i.path AS locator
FROM items AS i
LEFT JOIN (SELECT item_id, min(kind) AS kind FROM read_files GROUP BY item_id) AS r
  ON r.item_id = i.item_id
WHERE i.mtime IS NOT NULL AND i.kind = 'file' AND (r.item_id IS NOT NULL
      OR i.media_type LIKE 'image/%' OR i.media_type LIKE 'video/%')
UNION ALL BY NAME
SELECT timezone('UTC', try_cast(split_part(reading, '/', 1) AS TIMESTAMP)) AS "at",
       timezone('UTC', try_cast(split_part(reading, '/', 2) AS TIMESTAMP)) AS until, precision,
       'written' AS basis, FALSE AS corrected, 'note' AS kind,
       'an entry of notes is dated ' || written || CASE WHEN first_day IS NULL
         THEN ' (one of ' || len(readings) || ' readings)' ELSE '' END AS what, 2 AS weight,
       1 AS rows, exhibit_id, [exhibit_id] AS exhibits, source_id, locator
FROM noted WHERE try_cast(split_part(reading, '/', 1) AS TIMESTAMP) IS NOT NULL
UNION ALL BY NAME
SELECT acquired_at AS "at", 'second' AS precision, 'authority' AS basis, FALSE AS corrected,
       'seizure' AS kind, kind || ' acquired in ' || country
         || coalesce(', search ' || search_id, '') AS what, 3 AS weight, 1 AS rows,
       exhibit_id, [exhibit_id] AS exhibits
FROM exhibits WHERE acquired_at IS NOT NULL
UNION ALL BY NAME
SELECT coalesce(d.deleted_at, d.sent_at) AS "at", 'second' AS precision,
       CASE WHEN d.deleted_at IS NULL THEN coalesce(b.basis, 'server')
            ELSE 'device_uncorrected' END AS basis,
       d.deleted_at IS NULL AND coalesce(b.basis = 'device_corrected', FALSE) AS corrected,
       'deletion' AS kind,
       'a message was deleted on ' || array_to_string(d.deleted_on, ', ')
         || CASE WHEN len(d.live) > 0 THEN ' and is live on ' || array_to_string(d.live, ', ')
                 ELSE '' END
         || CASE WHEN d.deleted_at IS NULL THEN '; when is not known, this is its own time'
                 ELSE '' END AS what,
       CASE WHEN len(d.live) > 0 THEN 2 ELSE 1 END AS weight, d.rows,
       CASE WHEN d.sender IS NULL AND d.deleted_by IS NULL THEN CAST([] AS VARCHAR[])
            WHEN d.sender IS NULL OR d.deleted_by = d.sender THEN [d.deleted_by]
            WHEN d.deleted_by IS NULL THEN [d.sender] ELSE [d.deleted_by, d.sender] END AS persons,
       d.chat_id, d.deleted_on[1] AS exhibit_id, d.deleted_on AS exhibits,
       d.first.event_id AS event_id, d.first.source_id AS source_id, d.first.locator AS locator
FROM deletions AS d LEFT JOIN bases AS b ON b.time_basis = d.time_basis
WHERE coalesce(d.deleted_at, d.sent_at) IS NOT NULL
UNION ALL BY NAME
SELECT r.sent_at AS "at", 'second' AS precision, 'device_uncorrected' AS basis, FALSE AS corrected,
       'deletion' AS kind, 'a message was deleted; its row was recovered (' || r.found_in
         || '); when is not known, this is its own time' AS what, 2 AS weight, 1 AS rows,
       CASE WHEN r.sender_account_id IS NULL THEN CAST([] AS VARCHAR[])
            ELSE [coalesce(p.person_id, r.sender_account_id)] END AS persons,
       r.chat_id, r.exhibit_id, [r.exhibit_id] AS exhibits, r.event_id, r.source_id, r.locator
FROM recovered_messages AS r
LEFT JOIN person_accounts AS p ON p.account_id = r.sender_account_id
-- bytes of a deleted row may belong to something else: times far from all others are left out
JOIN spans AS x ON x.exhibit_id = r.exhibit_id AND r.sent_at BETWEEN x.since AND x.until
WHERE r.found_in <> 'superseded'
