-- Messages of a day on one exhibit in one conversation, calls and other files of a day on one exhibit
WITH messages_of_a_day AS (
  SELECT t.exhibit_id, t.chat_id, CAST(t.sent_at AS DATE) AS day, min(t.sent_at) AS first_at,
         max(t.sent_at) AS last_at, count(*) AS rows,
         count(*) FILTER (WHERE t.kind NOT IN ('text', 'system', 'deleted', 'call')) AS files,
         CASE WHEN min(t.precision) = max(t.precision) THEN min(t.precision) ELSE 'minute' END
           AS precision,
         CASE WHEN min(t.basis) = max(t.basis) THEN min(t.basis) ELSE 'mixed' END AS basis,
         bool_or(t.basis = 'device_corrected') AS corrected,
         array_agg(DISTINCT coalesce(p.person_id, t.sender_account_id)
                   ORDER BY coalesce(p.person_id, t.sender_account_id))
           FILTER (WHERE t.sender_account_id IS NOT NULL) AS persons,
         arg_min({'event_id': t.event_id, 'source_id': t.source_id, 'locator': t.locator},
                 {'a': t.sent_at, 'e': t.event_id}) AS first
  FROM timed_events AS t
  LEFT JOIN person_accounts AS p ON p.account_id = t.sender_account_id
  WHERE t.kind <> 'system'
  GROUP BY t.exhibit_id, t.chat_id, CAST(t.sent_at AS DATE)
),
calls_of_a_day AS (
  SELECT c.exhibit_id, CAST(c.started_at AS DATE) AS day, min(c.started_at) AS first_at,
         max(c.started_at) AS last_at, count(*) AS rows,
         count(*) FILTER (WHERE c.result = 'missed') AS missed,
         array_agg(DISTINCT coalesce(p.person_id, c.caller)
                   ORDER BY coalesce(p.person_id, c.caller)) FILTER (WHERE c.caller IS NOT NULL)
           AS persons,
         arg_min({'source_id': c.source_id, 'locator': c.locator},
                 {'a': c.started_at, 'e': c.call_id}) AS first
  FROM calls AS c
  LEFT JOIN person_accounts AS p ON p.account_id = c.caller
  WHERE c.started_at IS NOT NULL
  GROUP BY c.exhibit_id, CAST(c.started_at AS DATE)
),
read_files AS (SELECT DISTINCT item_id FROM sources),
other_files AS (
  SELECT i.exhibit_id, CAST(i.mtime AS DATE) AS day, min(i.mtime) AS first_at,
         max(i.mtime) AS last_at, count(*) AS rows,
         arg_min({'source_id': i.sha256, 'locator': i.path}, {'a': i.mtime, 'e': i.item_id})
           AS first
  FROM items AS i ANTI JOIN read_files AS s ON s.item_id = i.item_id
  WHERE i.mtime IS NOT NULL AND i.kind = 'file'
    AND NOT coalesce(i.media_type LIKE 'image/%' OR i.media_type LIKE 'video/%', FALSE)
  GROUP BY i.exhibit_id, CAST(i.mtime AS DATE)
)
SELECT first_at AS "at", last_at AS until, precision, basis, corrected, 'messages' AS kind,
       rows || ' messages, ' || files || ' of them more than text' AS what, 0 AS weight, rows,
       persons, chat_id, exhibit_id, [exhibit_id] AS exhibits, NULL AS sha256,
       first.event_id AS event_id, first.source_id AS source_id, first.locator AS locator
FROM messages_of_a_day
UNION ALL BY NAME
SELECT first_at AS "at", last_at AS until, 'second' AS precision,
       'device_uncorrected' AS basis, FALSE AS corrected, 'calls' AS kind,
       rows || ' calls, ' || missed || ' missed' AS what, 0 AS weight, rows, persons, exhibit_id,
       [exhibit_id] AS exhibits, first.source_id AS source_id, first.locator AS locator
FROM calls_of_a_day
UNION ALL BY NAME
SELECT first_at AS "at", last_at AS until, 'second' AS precision, 'file_system' AS basis,
       FALSE AS corrected, 'files' AS kind, rows || ' other files last changed' AS what,
       0 AS weight, rows, exhibit_id, [exhibit_id] AS exhibits, first.source_id AS source_id,
       first.locator AS locator
FROM other_files
