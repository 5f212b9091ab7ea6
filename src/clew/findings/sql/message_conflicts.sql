-- Copies of one message that say different things, two at a time. The first copy with each answer
-- stands for all copies with that answer. A deleted copy has no text and never counts as live.
WITH kept AS (
  SELECT merged_id, chat_id, message_key, unnest(event_ids) AS event_id
  FROM merged_messages
  WHERE len(event_ids) > 1
     OR message_key IN (SELECT message_key FROM recovered_messages WHERE message_key IS NOT NULL)
),
copies AS (
  SELECT h.merged_id, h.chat_id, h.message_key, m.event_id, m.exhibit_id, m.locator, m.kind,
         m.edited_at, m.deleted_at, m.sender_account_id,
         m.kind = 'deleted' OR m.deleted_at IS NOT NULL AS is_deleted,
         CASE WHEN m.kind <> 'deleted' AND m.deleted_at IS NULL AND m.text <> '' THEN m.text END
           AS text,
         CASE WHEN o.account_id IS NULL
              THEN coalesce(p.person_id, m.sender_account_id) END AS person_id,
         coalesce(d.person_id, m.deleted_by) AS deleted_by,
         epoch_us(m.corrected_at) AS at_us, m.time_basis AS clock,
         CASE m.ts_precision WHEN 'min' THEN 60 ELSE 0 END AS rough_s
  FROM kept AS h
  JOIN corrected_times AS m ON m.event_id = h.event_id
  LEFT JOIN account_person AS p ON p.account_id = m.sender_account_id
                               AND coalesce(m.sent_at, p.untimed) BETWEEN p.since AND p.until
  LEFT JOIN account_person AS d
    ON d.account_id = m.deleted_by
   AND coalesce(m.deleted_at, m.sent_at, d.untimed) BETWEEN d.since AND d.until
  LEFT JOIN nameless_owners AS o ON o.account_id = m.sender_account_id
),
answers AS (
  SELECT merged_id, chat_id, event_id, exhibit_id, locator, 'text' AS of,
         CAST(NULL AS BIGINT) AS ordinal, text AS answer, CAST(NULL AS VARCHAR) AS account_id,
         CAST(NULL AS VARCHAR) AS sha256, edited_at
  FROM copies WHERE text IS NOT NULL
  UNION ALL
  SELECT merged_id, chat_id, event_id, exhibit_id, locator, 'sender', NULL, person_id,
         sender_account_id, NULL, NULL
  FROM copies WHERE person_id IS NOT NULL
  UNION ALL
  SELECT c.merged_id, c.chat_id, c.event_id, c.exhibit_id, c.locator, 'file', s.ordinal, s.sha256,
         NULL, s.sha256, NULL
  FROM copies AS c JOIN shares AS s ON s.event_id = c.event_id
  WHERE s.sha256 IS NOT NULL
),
different AS (
  SELECT *, row_number() OVER (PARTITION BY merged_id, of, ordinal, answer
                               ORDER BY edited_at IS NOT NULL, exhibit_id, event_id) AS copy
  FROM answers
),
firsts AS (
  SELECT *, row_number() OVER (PARTITION BY merged_id, of, ordinal
                               ORDER BY edited_at IS NOT NULL, exhibit_id, event_id) AS answers
  FROM different WHERE copy = 1
),
differing AS (
  SELECT a.merged_id, a.chat_id,
         CASE WHEN a.of = 'sender' THEN 'sender_differs' WHEN a.of = 'file' THEN 'file_differs'
              WHEN a.edited_at IS NOT NULL OR b.edited_at IS NOT NULL THEN 'edited'
              ELSE 'text_differs' END AS kind,
         a.ordinal, a.exhibit_id, a.event_id, a.locator, b.exhibit_id AS other_exhibit_id,
         b.event_id AS other_event_id, b.locator AS other_locator, a.account_id,
         b.account_id AS other_account_id, a.sha256, b.sha256 AS other_sha256, a.edited_at,
         b.edited_at AS other_edited_at, CAST(NULL AS BIGINT) AS at_us,
         CAST(NULL AS BIGINT) AS other_at_us, CAST(NULL AS VARCHAR) AS clock,
         CAST(NULL AS VARCHAR) AS other_clock, CAST(NULL AS VARCHAR) AS deleted_by,
         CAST(NULL AS TIMESTAMPTZ) AS deleted_at, CAST(NULL AS VARCHAR) AS found_in,
         CAST([] AS VARCHAR[]) AS live_on
  FROM firsts AS a
  JOIN firsts AS b ON b.merged_id = a.merged_id AND b.of = a.of
    AND b.ordinal IS NOT DISTINCT FROM a.ordinal AND b.answers > 1
  WHERE a.answers = 1
),
timed AS (
  SELECT *, row_number() OVER (PARTITION BY merged_id
           ORDER BY CASE clock WHEN 'server' THEN 0 WHEN 'corrected' THEN 1 ELSE 2 END, at_us,
                    exhibit_id, event_id) AS times
  FROM copies WHERE at_us IS NOT NULL
),
apart AS (
  SELECT a.merged_id, a.chat_id, 'time_differs', NULL, a.exhibit_id, a.event_id, a.locator,
         b.exhibit_id, b.event_id, b.locator, NULL, NULL, NULL, NULL, NULL, NULL, a.at_us, b.at_us,
         a.clock, b.clock, NULL, NULL, NULL, CAST([] AS VARCHAR[])
  FROM timed AS a JOIN timed AS b ON b.merged_id = a.merged_id AND b.times > 1
  WHERE a.times = 1
    AND abs(b.at_us - a.at_us) >= 1000000 * (60 + greatest(a.rough_s, b.rough_s))
),
live AS (
  SELECT merged_id, min_by(event_id, exhibit_id || '|' || event_id) AS event_id,
         min(exhibit_id) AS exhibit_id,
         min_by(locator, exhibit_id || '|' || event_id) AS locator,
         sorted_set(exhibit_id) AS exhibits
  FROM copies WHERE NOT is_deleted GROUP BY merged_id
),
revoked AS (
  SELECT c.merged_id, c.chat_id, 'deleted_for_everyone_live_there', NULL, c.exhibit_id, c.event_id,
         c.locator, l.exhibit_id, l.event_id, l.locator, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
         NULL, NULL, NULL, c.deleted_by, c.deleted_at, NULL, l.exhibits
  FROM copies AS c JOIN live AS l ON l.merged_id = c.merged_id
  WHERE c.is_deleted
),
lost AS (
  SELECT r.event_id, r.exhibit_id, r.locator, r.message_key, r.found_in,
         coalesce(p.person_id, r.sender_account_id) AS person_id,
         row_number() OVER (PARTITION BY r.exhibit_id, r.message_key
                            ORDER BY r.complete DESC, r.event_id) AS rank
  FROM recovered_messages AS r
  LEFT JOIN account_person AS p ON p.account_id = r.sender_account_id
                               AND coalesce(r.sent_at, p.untimed) BETWEEN p.since AND p.until
  WHERE r.message_key IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM messages AS m
                    WHERE m.message_key = r.message_key AND m.exhibit_id = r.exhibit_id
                      AND m.source_id = r.source_id)
),
gone AS (SELECT * FROM lost WHERE rank = 1),
removed AS (
  SELECT g.merged_id, g.chat_id, 'deleted_here_live_there', NULL, r.exhibit_id, r.event_id,
         r.locator, l.exhibit_id, l.event_id, l.locator, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
         NULL, NULL, NULL, NULL, NULL, r.found_in, l.exhibits
  FROM gone AS r
  JOIN sender AS g ON g.message_key = r.message_key
  JOIN live AS l ON l.merged_id = g.merged_id
  WHERE length(regexp_extract(r.message_key, '[^/]*$')) >= 16
     OR g.person_id = r.person_id
),
every AS (
  SELECT * FROM differing
  UNION ALL SELECT * FROM apart
  UNION ALL SELECT * FROM revoked
  UNION ALL SELECT * FROM removed
)
SELECT merged_id, chat_id, kind, ordinal, exhibit_id, event_id, locator, other_exhibit_id,
       other_event_id, other_locator, account_id, other_account_id, sha256, other_sha256,
       edited_at, other_edited_at, make_timestamptz(at_us) AS "at",
       make_timestamptz(other_at_us) AS other_at,
       CAST(round(abs(other_at_us - at_us) / 1000000) AS BIGINT) AS apart_s, clock, other_clock,
       deleted_by, deleted_at, found_in, live_on
FROM every
ORDER BY merged_id, kind, ordinal, event_id, other_event_id
