-- Messages without an id that one exhibit keeps twice, in an export with times in UTC and in one with
-- local times, such as a Messenger thread as JSON and as HTML. The copies have one conversation,
-- sender, kind and text, and their times differ by whole quarters of an hour (a zone, and with summer
-- time two). Where somebody said the same twice in a minute, the copies pair in their order.
WITH without_id AS (
  SELECT event_id, exhibit_id, chat_id, coalesce(sender_account_id, '') AS sender, kind,
         coalesce(text_normal, '') AS words, locator, sent_at,
         CAST(sent_at AS TIMESTAMP) AS utc_at, TRY_CAST(sent_local AS TIMESTAMP) AS local_at
  FROM messages WHERE message_key IS NULL
),
threads AS (
  SELECT exhibit_id, chat_id FROM without_id
  GROUP BY exhibit_id, chat_id
  HAVING bool_or(sent_at IS NOT NULL) AND bool_or(sent_at IS NULL AND local_at IS NOT NULL)
),
here AS (
  SELECT w.* FROM without_id AS w
  JOIN threads AS t ON t.exhibit_id = w.exhibit_id AND t.chat_id = w.chat_id
),
dated AS (
  SELECT *, date_trunc('minute', utc_at) AS minute,
         row_number() OVER (PARTITION BY exhibit_id, chat_id, sender, kind, words,
                                         date_trunc('minute', utc_at)
                            ORDER BY utc_at, event_id) AS rank
  FROM here WHERE sent_at IS NOT NULL
),
written AS (
  SELECT *, date_trunc('minute', local_at) AS minute,
         row_number() OVER (PARTITION BY exhibit_id, chat_id, sender, kind, words,
                                         date_trunc('minute', local_at)
                            ORDER BY length(locator), locator, event_id) AS rank
  FROM here WHERE sent_at IS NULL AND local_at IS NOT NULL
),
met AS (
  SELECT w.exhibit_id, w.chat_id, w.event_id, d.event_id AS copy_of,
         date_diff('minute', d.minute, w.minute) AS apart
  FROM written AS w
  JOIN dated AS d ON d.exhibit_id = w.exhibit_id AND d.chat_id = w.chat_id AND d.sender = w.sender
                 AND d.kind = w.kind AND d.words = w.words AND d.rank = w.rank
  WHERE abs(date_diff('minute', d.minute, w.minute)) <= 900
    AND date_diff('minute', d.minute, w.minute) % 15 = 0
),
zones AS (
  SELECT exhibit_id, chat_id, apart, count(DISTINCT event_id) AS votes FROM met
  GROUP BY exhibit_id, chat_id, apart
),
ranked AS (
  SELECT m.event_id, m.copy_of,
         row_number() OVER (PARTITION BY m.event_id ORDER BY z.votes DESC, m.apart, m.copy_of) AS own,
         row_number() OVER (PARTITION BY m.copy_of ORDER BY z.votes DESC, m.apart, m.event_id) AS its
  FROM met AS m
  JOIN zones AS z ON z.exhibit_id = m.exhibit_id AND z.chat_id = m.chat_id AND z.apart = m.apart
),
pairs AS (SELECT event_id, copy_of FROM ranked WHERE own = 1 AND its = 1)
SELECT event_id, copy_of FROM pairs
UNION ALL SELECT copy_of AS event_id, copy_of FROM pairs
