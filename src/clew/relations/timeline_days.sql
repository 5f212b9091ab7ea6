-- One row per day of an exhibit and conversation with its messages, and per day of an exhibit with
-- its calls and with its other files that changed: what is too much for a line each.
WITH messages_of_a_day AS (
  SELECT t.exhibit_id, t.chat_id, CAST(t.sent_at AS DATE) AS day, min(t.sent_at) AS first_at,
         max(t.sent_at) AS last_at, count(*) AS rows,
         count(*) FILTER (WHERE t.kind NOT IN ('text', 'system', 'deleted', 'call')) AS files,
         CASE WHEN min(t.precision) = max(t.precision) THEN min(t.precision) ELSE 'minute' END
           AS precision,
         CASE WHEN min(t.basis) = max(t.basis) THEN min(t.basis) ELSE 'mixed' END AS basis,
         bool_or(t.basis = 'device_corrected') AS corrected,
         sorted_set(coalesce(p.person_id, t.sender_account_id)) AS persons,
         min_by(struct_pack(event_id := t.event_id, source_id := t.source_id, locator := t.locator),
                struct_pack(a := t.sent_at, e := t.event_id)) AS first
  FROM timed_events AS t
  LEFT JOIN account_person AS p ON p.account_id = t.sender_account_id
                               AND t.sent_at BETWEEN p.since AND p.until
  WHERE t.kind <> 'system'
  GROUP BY t.exhibit_id, t.chat_id, CAST(t.sent_at AS DATE)
),
calls_of_a_day AS (
  SELECT c.exhibit_id, CAST(c.started_at AS DATE) AS day, min(c.started_at) AS first_at,
         max(c.started_at) AS last_at, count(*) AS rows,
         count(*) FILTER (WHERE c.result = 'missed') AS missed,
         sorted_set(coalesce(p.person_id, c.caller)) AS persons,
         min_by(struct_pack(source_id := c.source_id, locator := c.locator),
                struct_pack(a := c.started_at, e := c.call_id)) AS first
  FROM calls AS c
  LEFT JOIN account_person AS p ON p.account_id = c.caller
                               AND c.started_at BETWEEN p.since AND p.until
  WHERE c.started_at IS NOT NULL
  GROUP BY c.exhibit_id, CAST(c.started_at AS DATE)
),
files_of_a_day AS (
  SELECT i.exhibit_id, CAST(i.mtime AS DATE) AS day, min(i.mtime) AS first_at,
         max(i.mtime) AS last_at, count(*) AS rows,
         min_by(struct_pack(source_id := i.sha256, locator := i.path),
                struct_pack(a := i.mtime, e := i.item_id)) AS first
  FROM items AS i
  LEFT JOIN (SELECT DISTINCT item_id FROM sources) AS s ON s.item_id = i.item_id
  WHERE s.item_id IS NULL AND i.mtime IS NOT NULL AND i.kind = 'file'
    AND NOT coalesce(i.media_type LIKE 'image/%' OR i.media_type LIKE 'video/%', FALSE)
  GROUP BY i.exhibit_id, CAST(i.mtime AS DATE)
)
SELECT first_at AS "at", last_at AS until, precision, basis, corrected, 'messages' AS kind,
       'messages' AS what, ['files=' || files] AS figures, 0 AS weight, rows,
       persons, chat_id, exhibit_id, [exhibit_id] AS exhibits, CAST(NULL AS VARCHAR) AS sha256,
       first.event_id AS event_id, first.source_id AS source_id, first.locator AS locator
FROM messages_of_a_day
UNION ALL
SELECT first_at, last_at, 'second', 'device_uncorrected', FALSE, 'calls',
       'calls', ['missed=' || missed], 0, rows,
       persons, NULL, exhibit_id, [exhibit_id], NULL,
       NULL, first.source_id, first.locator
FROM calls_of_a_day
UNION ALL
SELECT first_at, last_at, 'second', 'file_system', FALSE, 'files',
       'files', CAST([] AS VARCHAR[]), 0, rows,
       CAST([] AS VARCHAR[]), NULL, exhibit_id, [exhibit_id], NULL,
       NULL, first.source_id, first.locator
FROM files_of_a_day
