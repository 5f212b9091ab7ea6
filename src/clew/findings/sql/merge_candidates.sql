-- Set messages without ids, as in text exports, beside those that they may be; score each, merge
-- none. export_votes tells which conversation an export is of, what the exporting phone's clock was
-- against UTC (summer time gives two), and which person a label stands for. Pairs of that conversation
-- at the same minute by one of these clocks are scored by time, content and sender. Of equal scores
-- the one of the same rank among its like in that minute comes first; a pair that is beaten on both
-- sides is none.
WITH exported AS (
  SELECT event_id, export_chat, platform, kind, label_account_id AS label, local_at, sha256, has_file,
         TRY_CAST(regexp_extract(locator, '[0-9]+$') AS BIGINT) AS line,
         ts_precision = 'min' AS by_minute,
         lower(trim(regexp_replace(said, '\s+', ' ', 'g'))) AS words
  FROM exported_messages
),
kept AS (
  SELECT g.merged_id, g.chat_id, p.platform, g.kind, CAST(g.sent_at AS TIMESTAMP) AS utc_at,
         g.person_id, len(g.deleted_on) > 0 AS is_deleted, unnest(g.event_ids) AS event_id
  FROM sender AS g
  JOIN chat_platforms AS p ON p.chat_id = g.chat_id
  WHERE g.message_key IS NOT NULL AND g.sent_at IS NOT NULL AND g.kind <> 'system'
    AND p.platform IN (SELECT platform FROM exported)
),
written AS (
  SELECT k.merged_id, k.chat_id, k.platform, k.utc_at, k.person_id, k.is_deleted,
         lower(trim(regexp_replace(coalesce(m.text, f.caption), '\s+', ' ', 'g'))) AS words,
         f.sha256, coalesce(f.files, 0) > 0 AS has_file
  FROM kept AS k
  JOIN messages AS m ON m.event_id = k.event_id
  LEFT JOIN event_files AS f ON f.event_id = k.event_id
),
contents AS (
  SELECT merged_id, chat_id, platform, utc_at, person_id, is_deleted, words,
         min(sha256) AS sha256, bool_or(has_file) AS has_file
  FROM written
  GROUP BY merged_id, chat_id, platform, utc_at, person_id, is_deleted, words
),
pairs AS (
  SELECT export_chat, chat_id, clock_minutes AS clock, count(DISTINCT event_id) AS votes
  FROM export_votes WHERE counts GROUP BY export_chat, chat_id, clock_minutes
),
named AS (
  SELECT v.export_chat, v.label_account_id AS label, k.person_id, count(DISTINCT v.event_id) AS votes
  FROM export_votes AS v JOIN kept AS k ON k.event_id = v.other_event_id
  WHERE v.counts AND v.label_account_id IS NOT NULL AND k.person_id IS NOT NULL
  GROUP BY v.export_chat, v.label_account_id, k.person_id
),
ranked_names AS (
  SELECT export_chat, label, person_id, votes,
         CAST(sum(votes) OVER (PARTITION BY export_chat, label) AS BIGINT) AS of_all,
         row_number() OVER (PARTITION BY export_chat, label ORDER BY votes DESC, person_id) AS rank
  FROM named
),
labelled AS (
  SELECT export_chat, label, person_id, votes, of_all FROM ranked_names WHERE rank = 1
),
shifted AS (
  SELECT e.*, p.chat_id, p.clock, p.votes AS anchors, unnest([-1, 0, 1]) AS shift
  FROM exported AS e JOIN pairs AS p ON p.export_chat = e.export_chat
),
beside AS (  -- the minute in UTC, so that the next join is one of equal values
  SELECT *, date_trunc('minute', local_at) + to_minutes(shift - clock) AS utc_minute FROM shifted
),
contents_then AS (
  SELECT *, date_trunc('minute', utc_at) AS utc_minute FROM contents
  WHERE chat_id IN (SELECT chat_id FROM pairs)
),
compared AS (
  SELECT b.event_id, h.merged_id, b.export_chat, h.chat_id, b.clock, b.anchors, b.line, b.label,
         b.words, h.utc_at, h.utc_minute,
         b.shift = 0
           AND (b.by_minute OR abs(epoch_us(h.utc_at) + 60000000 * b.clock - epoch_us(b.local_at))
                                < 2000000)
           AS same_time,
         CASE WHEN b.sha256 = h.sha256 THEN 'same_file'
              WHEN b.words = h.words AND b.words <> '' THEN 'same_text'
              WHEN h.words <> '' AND starts_with(b.words, h.words)
                THEN 'same_beginning'
              WHEN b.has_file AND h.has_file AND (b.sha256 IS NULL OR h.sha256 IS NULL)
                THEN 'file_on_both'
              WHEN b.kind = 'deleted' AND h.is_deleted THEN 'deleted_on_both' END AS content,
         l.person_id AS expected, h.person_id, l.votes, l.of_all
  FROM beside AS b
  JOIN contents_then AS h ON h.chat_id = b.chat_id AND h.utc_minute = b.utc_minute
  LEFT JOIN labelled AS l ON l.export_chat = b.export_chat AND l.label = b.label
),
scored AS (
  SELECT *,
         CASE WHEN same_time THEN 0.3 ELSE 0.1 END
         + CASE content WHEN 'same_file' THEN 0.4 WHEN 'same_text' THEN 0.4
                        WHEN 'same_beginning' THEN 0.3 ELSE 0.15 END
         + CASE WHEN expected = person_id THEN 0.3
                WHEN expected IS NULL OR person_id IS NULL THEN 0.1 ELSE 0.0 END AS score
  FROM compared WHERE content IS NOT NULL
),
ordered AS (  -- among those of one label, minute and content: its rank in the file and in time
  SELECT *,
         dense_rank() OVER (PARTITION BY export_chat, chat_id, clock, label, utc_minute, content,
                                         words, score ORDER BY line, event_id) AS file_rank,
         dense_rank() OVER (PARTITION BY export_chat, chat_id, clock, label, utc_minute, content,
                                         words, score ORDER BY utc_at, merged_id) AS time_rank,
         count(*) OVER (PARTITION BY export_chat, chat_id, clock, label, utc_minute, content,
                                     words, score) AS pairs_alike,
         row_number() OVER (PARTITION BY event_id, merged_id
                            ORDER BY score DESC, clock, content) AS rank_of_pair
  FROM scored WHERE score >= 0.6
),
best AS (
  SELECT *, max(score) OVER (PARTITION BY event_id) AS best_of_event,
         max(score) OVER (PARTITION BY merged_id, export_chat) AS best_of_message
  FROM ordered WHERE rank_of_pair = 1
),
unbeaten AS (
  SELECT * FROM best WHERE score = best_of_event OR score = best_of_message
)
SELECT event_id, merged_id, export_chat, chat_id, round(score, 2) AS score,
       row_number() OVER (PARTITION BY event_id
                          ORDER BY score DESC, file_rank <> time_rank, merged_id) AS rank,
       count(*) OVER (PARTITION BY event_id) - 1 AS rivals,
       count(*) OVER (PARTITION BY merged_id, export_chat) - 1 AS claimed_by_others,
       clock AS clock_minutes,
       anchors, same_time, content AS content_match,
       CASE WHEN expected = person_id THEN 'same_person'
            WHEN expected IS NULL OR person_id IS NULL THEN 'not_known'
            ELSE 'other_person' END AS sender_match,
       votes AS label_votes, of_all AS label_anchors,
       CASE WHEN pairs_alike > 1 THEN file_rank END AS rank_in_export,
       CASE WHEN pairs_alike > 1 THEN time_rank END AS rank_in_databases
FROM unbeaten
ORDER BY event_id, rank
