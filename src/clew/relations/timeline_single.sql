-- One row per single trace: invitations, first shares, pictures, files, notes, seizures, deletions.
WITH sets AS (SELECT count(*) AS n FROM hash_sets WHERE kind = 'known'),
known_clusters AS (
  SELECT cluster_id, bool_or(known) AS known FROM file_clusters GROUP BY cluster_id
),
postings AS (
  SELECT p.platform, p.code, p.event_ids, p.person_id, p.chat_id, p.exhibits, p.locator,
         coalesce(p.posted_at, t.sent_at) AS seen_at,
         CASE WHEN p.posted_at IS NULL THEN t.basis ELSE coalesce(b.basis, 'server') END AS basis,
         coalesce(t.precision, 'second') AS precision, t.source_id
  FROM invite_postings AS p
  LEFT JOIN merged_messages AS m ON m.merged_id = p.posting_id
  LEFT JOIN time_bases AS b ON b.time_basis = m.time_basis
  LEFT JOIN timed_events AS t ON t.event_id = p.event_ids[1]
),
noted AS (
  SELECT e.exhibit_id, e.source_id, e.locator, e.precision, e.written, e.first_day,
         len(e.readings) AS readings,
         unnest(CASE WHEN e.first_day IS NULL THEN e.readings
                     ELSE [e.first_day || '/' || coalesce(e.last_day, e.first_day)] END) AS reading
  FROM entries AS e
),
deleted AS (
  SELECT merged_id, chat_id, sent_at, time_basis, person_id, deleted_on,
         without(witnesses, deleted_on) AS live, unnest(event_ids) AS event_id
  FROM sender WHERE len(deleted_on) > 0
),
deletions AS (
  SELECT d.merged_id, min(d.chat_id) AS chat_id, min(d.sent_at) AS sent_at,
         min(d.time_basis) AS time_basis, min(x.deleted_at) AS deleted_at,
         min(coalesce(p.person_id, x.deleted_by)) AS deleted_by, min(d.person_id) AS sent_by,
         min(d.deleted_on) AS deleted_on, min(d.live) AS live, count(*) AS rows,
         min_by(struct_pack(event_id := x.event_id, source_id := x.source_id, locator := x.locator),
                x.event_id) AS first
  FROM deleted AS d
  JOIN messages AS x ON x.event_id = d.event_id AND list_contains(d.deleted_on, x.exhibit_id)
  LEFT JOIN account_person AS p
    ON p.account_id = x.deleted_by
   AND coalesce(x.deleted_at, x.sent_at, p.untimed) BETWEEN p.since AND p.until
  GROUP BY d.merged_id
),
spans AS (
  SELECT exhibit_id, min(sent_at) - INTERVAL 1 YEAR AS since, max(sent_at) + INTERVAL 1 YEAR AS until
  FROM messages WHERE sent_at IS NOT NULL GROUP BY exhibit_id
),
read_files AS (SELECT item_id, min(kind) AS kind FROM sources GROUP BY item_id),
paths AS (
  SELECT exhibit_id, sha256, min(path) AS path, count(*) AS copies FROM items
  WHERE sha256 IS NOT NULL GROUP BY exhibit_id, sha256
),
taken AS (
  SELECT m.exhibit_id, m.source_id, m.media_type, m.offset_basis, m.make, m.model, i.path, i.copies,
         coalesce(m.taken_at, timezone('UTC', coalesce(
           try_strptime(left(m.taken_local, 19), '%Y:%m:%d %H:%M:%S'),
           try_cast(m.taken_local AS TIMESTAMP)))) AS taken_at
  FROM media_files AS m
  LEFT JOIN paths AS i ON i.exhibit_id = m.exhibit_id AND i.sha256 = m.source_id
)
SELECT seen_at AS "at", CAST(NULL AS TIMESTAMPTZ) AS until, precision, basis,
       basis = 'device_corrected' AS corrected, 'invitation' AS kind,
       'invitation' AS what, ['platform=' || platform, 'code=' || code] AS figures, 3 AS weight,
       len(event_ids) AS rows,
       CASE WHEN person_id IS NULL THEN CAST([] AS VARCHAR[]) ELSE [person_id] END AS persons,
       chat_id, exhibits[1] AS exhibit_id, exhibits, CAST(NULL AS VARCHAR) AS sha256,
       event_ids[1] AS event_id, source_id, locator
FROM postings WHERE seen_at IS NOT NULL
UNION ALL
SELECT o."at", NULL, 'second', coalesce(b.basis, 'server'),
       coalesce(b.basis = 'device_corrected', FALSE), 'first_share',
       CASE WHEN k.known THEN 'first_share_known' WHEN s.n > 0 THEN 'first_share_new'
            ELSE 'first_share_no_set' END,
       ['answered=' || CASE WHEN o.answered THEN 1 ELSE 0 END, 'sharers=' || o.sharers],
       CASE WHEN k.known AND o.sharers > 1 THEN 2 ELSE 1 END, 1,
       [o.person_id], o.chat_id, m.exhibit_id, coalesce(e.witnesses, [m.exhibit_id]),
       o.cluster_id, o.event_id, m.source_id, m.locator
FROM origins AS o
JOIN messages AS m ON m.event_id = o.event_id
LEFT JOIN merged_copies AS e ON e.event_id = o.event_id
LEFT JOIN time_bases AS b ON b.time_basis = e.time_basis
LEFT JOIN known_clusters AS k ON k.cluster_id = o.cluster_id
CROSS JOIN sets AS s
UNION ALL
SELECT taken_at, NULL, 'second',
       CASE offset_basis WHEN 'stated' THEN 'camera_offset' WHEN 'satellite' THEN 'satellite'
            WHEN 'container_utc' THEN 'container_utc' ELSE 'local' END,
       FALSE, 'picture',
       'taken',
       list_concat(['medium=' || coalesce(split_part(media_type, '/', 1), '')],
                   CASE WHEN concat_ws(' ', make, model) = '' THEN CAST([] AS VARCHAR[])
                        ELSE ['camera=' || concat_ws(' ', make, model)] END), 1,
       coalesce(copies, 1), CAST([] AS VARCHAR[]), NULL, exhibit_id, [exhibit_id], source_id,
       NULL, source_id, path
FROM taken WHERE taken_at IS NOT NULL
UNION ALL
SELECT i.mtime, NULL, 'second', 'file_system', FALSE, 'file',
       'changed', ['of=' || coalesce(r.kind, i.media_type, 'file')],
       CASE WHEN r.item_id IS NULL THEN 0 ELSE 1 END, 1, CAST([] AS VARCHAR[]), NULL, i.exhibit_id,
       [i.exhibit_id], i.sha256, NULL, i.sha256, i.path
FROM items AS i
LEFT JOIN read_files AS r ON r.item_id = i.item_id
WHERE i.mtime IS NOT NULL AND i.kind = 'file' AND (r.item_id IS NOT NULL
      OR i.media_type LIKE 'image/%' OR i.media_type LIKE 'video/%')
UNION ALL
SELECT timezone('UTC', try_cast(split_part(reading, '/', 1) AS TIMESTAMP)),
       timezone('UTC', try_cast(split_part(reading, '/', 2) AS TIMESTAMP)), precision,
       'written', FALSE, 'note',
       'noted',
       list_concat(['written=' || written], CASE WHEN first_day IS NULL THEN ['readings=' || readings]
                                                 ELSE CAST([] AS VARCHAR[]) END), 2,
       1, CAST([] AS VARCHAR[]), NULL, exhibit_id, [exhibit_id], NULL, NULL, source_id, locator
FROM noted WHERE try_cast(split_part(reading, '/', 1) AS TIMESTAMP) IS NOT NULL
UNION ALL
SELECT acquired_at, NULL, 'second', 'authority', FALSE, 'seizure',
       'acquired',
       list_concat(['exhibit_kind=' || kind, 'country=' || country],
                   CASE WHEN search_id IS NULL THEN CAST([] AS VARCHAR[]) ELSE ['search=' || search_id] END), 3, 1,
       CAST([] AS VARCHAR[]), NULL, exhibit_id, [exhibit_id], NULL, NULL, NULL, NULL
FROM exhibits WHERE acquired_at IS NOT NULL
UNION ALL
SELECT coalesce(d.deleted_at, d.sent_at), NULL, 'second',
       CASE WHEN d.deleted_at IS NULL THEN coalesce(b.basis, 'server')
            ELSE 'device_uncorrected' END,
       d.deleted_at IS NULL AND coalesce(b.basis = 'device_corrected', FALSE), 'deletion',
       'deleted',
       list_concat(CASE WHEN len(d.live) > 0 THEN ['live=' || array_to_string(d.live, ', ')]
                        ELSE CAST([] AS VARCHAR[]) END,
                   CASE WHEN d.deleted_at IS NULL THEN ['own_time=1'] ELSE CAST([] AS VARCHAR[]) END),
       CASE WHEN len(d.live) > 0 THEN 2 ELSE 1 END, d.rows,
       CASE WHEN d.sent_by IS NULL AND d.deleted_by IS NULL THEN CAST([] AS VARCHAR[])
            WHEN d.sent_by IS NULL OR d.deleted_by = d.sent_by THEN [d.deleted_by]
            WHEN d.deleted_by IS NULL THEN [d.sent_by] ELSE [d.deleted_by, d.sent_by] END,
       d.chat_id, d.deleted_on[1], d.deleted_on, NULL, d.first.event_id, d.first.source_id,
       d.first.locator
FROM deletions AS d LEFT JOIN time_bases AS b ON b.time_basis = d.time_basis
WHERE coalesce(d.deleted_at, d.sent_at) IS NOT NULL
UNION ALL
SELECT r.sent_at, NULL, 'second', 'device_uncorrected', FALSE, 'deletion',
       'recovered', ['found_in=' || r.found_in, 'own_time=1'], 2, 1,
       CASE WHEN r.sender_account_id IS NULL THEN CAST([] AS VARCHAR[])
            ELSE [coalesce(p.person_id, r.sender_account_id)] END,
       r.chat_id, r.exhibit_id, [r.exhibit_id], NULL, r.event_id, r.source_id, r.locator
FROM recovered_messages AS r
LEFT JOIN account_person AS p ON p.account_id = r.sender_account_id
                             AND coalesce(r.sent_at, p.untimed) BETWEEN p.since AND p.until
-- bytes of a deleted row may belong to something else: times far from all others are left out
JOIN spans AS x ON x.exhibit_id = r.exhibit_id AND r.sent_at BETWEEN x.since AND x.until
WHERE r.found_in <> 'superseded'
