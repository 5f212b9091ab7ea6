-- Copies of one message that say different things, two at a time. The first copy with each answer
-- stands for all copies with that answer. A deleted copy has no text and never counts as live.
WITH held AS (
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
         CASE WHEN m.sender_account_id NOT LIKE '%:owner:%'
              THEN coalesce(p.person_id, m.sender_account_id) END AS person_id,
         coalesce(d.person_id, m.deleted_by) AS deleted_by,
         epoch_us(m.sent_at) - CASE WHEN coalesce(m.from_owner, FALSE) AND m.tz_basis = 'utc'
           THEN coalesce(CAST(round(1000000 * (c.ahead_s + c.drift_s
                  * (epoch_us(m.sent_at) - epoch_us(c.from_at)) / 2592000000000)) AS BIGINT), 0)
           ELSE 0 END AS at_us,
         CASE WHEN NOT coalesce(m.from_owner, FALSE) OR m.tz_basis <> 'utc' THEN 'server''s time'
              WHEN c.exhibit_id IS NULL THEN 'own clock, which nothing was found to correct by'
              ELSE 'own clock, corrected' END AS clock,
         CASE m.ts_precision WHEN 'min' THEN 60 ELSE 0 END AS rough_s
  FROM held AS h
  JOIN messages AS m ON m.event_id = h.event_id
  LEFT JOIN person_accounts AS p ON p.account_id = m.sender_account_id
  LEFT JOIN person_accounts AS d ON d.account_id = m.deleted_by
  LEFT JOIN clock_offsets AS c ON c.exhibit_id = m.exhibit_id
),
answers AS (
  SELECT merged_id, chat_id, event_id, exhibit_id, locator, 'text' AS of, '' AS what,
         text AS answer,
         CASE WHEN length(text) <= 200 THEN text
              ELSE left(text, 200) || '… [' || CAST(length(text) AS VARCHAR)
                   || ' characters, SHA-256 ' || sha256(text) || ']' END AS says,
         edited_at
  FROM copies WHERE text IS NOT NULL
  UNION ALL
  SELECT merged_id, chat_id, event_id, exhibit_id, locator, 'sender', '', person_id,
         sender_account_id, NULL
  FROM copies WHERE person_id IS NOT NULL
  UNION ALL
  SELECT c.merged_id, c.chat_id, c.event_id, c.exhibit_id, c.locator, 'file',
         'attachment ' || CAST(s.ordinal AS VARCHAR), s.sha256, s.sha256, NULL
  FROM copies AS c JOIN shares AS s ON s.event_id = c.event_id
  WHERE s.sha256 IS NOT NULL
),
firsts AS (
  SELECT *, row_number() OVER (PARTITION BY merged_id, of, what
                               ORDER BY edited_at IS NOT NULL, exhibit_id, event_id) AS place
  FROM (
    SELECT * FROM answers
    QUALIFY row_number() OVER (PARTITION BY merged_id, of, what, answer
                               ORDER BY edited_at IS NOT NULL, exhibit_id, event_id) = 1
  )
),
differing AS (
  SELECT a.merged_id, a.chat_id,
         CASE a.of WHEN 'sender' THEN 'sender_differs' WHEN 'file' THEN 'file_differs'
           ELSE CASE WHEN a.edited_at IS NOT NULL OR b.edited_at IS NOT NULL THEN 'edited'
                     ELSE 'text_differs' END END AS kind,
         a.what, a.exhibit_id, a.event_id, a.says, b.exhibit_id AS other_exhibit_id,
         b.event_id AS other_event_id, b.says AS other_says,
         CAST(NULL AS VARCHAR) AS deleted_by, CAST(NULL AS BIGINT) AS deleted_us,
         CASE a.of
           WHEN 'sender' THEN a.exhibit_id || ' (' || a.locator || ') and ' || b.exhibit_id || ' ('
             || b.locator || ') name senders whom nothing ties to one person.'
             || CASE WHEN (a.answer LIKE '%:lid:%') <> (b.answer LIKE '%:lid:%')
                     THEN ' One is a hidden id: it may be the other''s, and no device maps it.'
                     ELSE '' END
           WHEN 'file' THEN a.exhibit_id || ' (' || a.locator || ') and ' || b.exhibit_id || ' ('
             || b.locator || ') have different SHA-256 for ' || a.what || ' of this message.'
           ELSE CASE
             WHEN b.edited_at IS NOT NULL AND a.edited_at IS NULL
               THEN b.exhibit_id || ' (' || b.locator || ') has it as edited at '
                 || strftime(CAST(b.edited_at AS TIMESTAMP), '%Y-%m-%d %H:%M:%S') || ' UTC; '
                 || a.exhibit_id || ' (' || a.locator || ') holds another text, not marked as edited.'
             WHEN a.edited_at IS NOT NULL
               THEN a.exhibit_id || ' (' || a.locator || ') and ' || b.exhibit_id || ' ('
                 || b.locator || ') both have it as edited, with different texts.'
             ELSE a.exhibit_id || ' (' || a.locator || ') and ' || b.exhibit_id || ' (' || b.locator
               || ') hold different texts, and neither is marked as edited.' END END AS reason
  FROM firsts AS a
  JOIN firsts AS b ON b.merged_id = a.merged_id AND b.of = a.of AND b.what = a.what AND b.place > 1
  WHERE a.place = 1
),
timed AS (
  SELECT *, strftime(make_timestamp(at_us), '%Y-%m-%d %H:%M:%S') || ' UTC' AS says,
         row_number() OVER (PARTITION BY merged_id
           ORDER BY CASE clock WHEN 'server''s time' THEN 0 WHEN 'own clock, corrected' THEN 1
                    ELSE 2 END, at_us, exhibit_id, event_id) AS place
  FROM copies WHERE at_us IS NOT NULL
),
apart AS (
  SELECT a.merged_id, a.chat_id, 'time_differs', '', a.exhibit_id, a.event_id, a.says,
         b.exhibit_id, b.event_id, b.says, NULL, NULL,
         a.exhibit_id || ' (' || a.locator || ', ' || a.clock || ') and ' || b.exhibit_id || ' ('
           || b.locator || ', ' || b.clock || ') lie '
           || CAST(CAST(round(abs(b.at_us - a.at_us) / 1000000) AS BIGINT) AS VARCHAR)
           || ' seconds apart.'
  FROM timed AS a JOIN timed AS b ON b.merged_id = a.merged_id AND b.place > 1
  WHERE a.place = 1
    AND abs(b.at_us - a.at_us) >= 1000000 * (60 + greatest(a.rough_s, b.rough_s))
),
live AS (
  SELECT merged_id, arg_min(event_id, exhibit_id || '|' || event_id) AS event_id,
         min(exhibit_id) AS exhibit_id,
         arg_min(locator, exhibit_id || '|' || event_id) AS locator,
         arg_min(kind, exhibit_id || '|' || event_id) AS kind,
         arg_min(coalesce(text, ''), exhibit_id || '|' || event_id) AS text,
         array_to_string(array_agg(DISTINCT exhibit_id ORDER BY exhibit_id), ', ') AS exhibits
  FROM copies WHERE NOT is_deleted GROUP BY merged_id
),
shown AS (
  SELECT *, CASE WHEN text = '' THEN 'live: ' || kind
                 WHEN length(text) <= 200 THEN 'live: ' || text
                 ELSE 'live: ' || left(text, 200) || '… [' || CAST(length(text) AS VARCHAR)
                      || ' characters, SHA-256 ' || sha256(text) || ']' END AS says
  FROM live
),
revoked AS (
  SELECT c.merged_id, c.chat_id, 'deleted_for_everyone_live_there', '', c.exhibit_id, c.event_id,
         'deleted for everyone'
           || coalesce(' at ' || strftime(CAST(c.deleted_at AS TIMESTAMP), '%Y-%m-%d %H:%M:%S')
                       || ' UTC', '') AS says,
         l.exhibit_id, l.event_id, l.says, c.deleted_by, epoch_us(c.deleted_at),
         c.exhibit_id || ' (' || c.locator || ') has it as deleted for everyone'
           || coalesce(' by ' || c.deleted_by, ', and does not tell by whom')
           || coalesce(' at ' || strftime(CAST(c.deleted_at AS TIMESTAMP), '%Y-%m-%d %H:%M:%S')
                       || ' UTC', ', and does not tell when')
           || '; it is live on ' || l.exhibits || ' (' || l.locator
           || '), which shows no deletion.'
  FROM copies AS c JOIN shown AS l ON l.merged_id = c.merged_id
  WHERE c.is_deleted
),
gone AS (
  SELECT r.event_id, r.exhibit_id, r.locator, r.message_key, r.text, r.kind, r.found_in,
         coalesce(p.person_id, r.sender_account_id) AS person_id
  FROM recovered_messages AS r
  LEFT JOIN person_accounts AS p ON p.account_id = r.sender_account_id
  WHERE r.message_key IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM messages AS m
                    WHERE m.message_key = r.message_key AND m.exhibit_id = r.exhibit_id
                      AND m.source_id = r.source_id)
  QUALIFY row_number() OVER (PARTITION BY r.exhibit_id, r.message_key
                             ORDER BY r.complete DESC, r.event_id) = 1
),
removed AS (
  SELECT g.merged_id, g.chat_id, 'deleted_here_live_there', '', r.exhibit_id, r.event_id,
         'deleted on this device only, and recovered: '
           || CASE WHEN coalesce(r.text, '') = '' THEN r.kind
                   WHEN length(r.text) <= 200 THEN r.text
                   ELSE left(r.text, 200) || '… [' || CAST(length(r.text) AS VARCHAR)
                        || ' characters, SHA-256 ' || sha256(r.text) || ']' END,
         l.exhibit_id, l.event_id, l.says, NULL, NULL,
         'On ' || r.exhibit_id || ' its row is no longer in that database; its bytes were recovered ('
           || r.locator || ', ' || r.found_in || '). It is live on ' || l.exhibits || ' ('
           || l.locator || '), so that it was not deleted for everyone there. Whether a person or '
           || 'the app removed the row, and when, the device does not tell.'
  FROM gone AS r
  JOIN merged_messages AS g ON g.message_key = r.message_key
  JOIN shown AS l ON l.merged_id = g.merged_id
  LEFT JOIN person_accounts AS p ON p.account_id = g.sender_account_id
  WHERE length(regexp_extract(r.message_key, '[^/]*$')) >= 16
     OR coalesce(p.person_id, g.sender_account_id) = r.person_id
),
every AS (
  SELECT * FROM differing
  UNION ALL SELECT * FROM apart
  UNION ALL SELECT * FROM revoked
  UNION ALL SELECT * FROM removed
)
SELECT * EXCLUDE (deleted_us), make_timestamptz(deleted_us) AS deleted_at
FROM every
ORDER BY merged_id, kind, what, event_id, other_event_id
