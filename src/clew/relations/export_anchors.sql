-- One row per message of an export and message of a database with the same text or file, which
-- stands once in the export and once in that conversation, at most fifteen hours apart and whole
-- quarters of an hour: the difference is what the exporting phone's clock was against UTC. account_id
-- is the sender whom the database names.
WITH kept AS (
  SELECT m.event_id, m.chat_id, m.message_key, p.platform, m.sent_at, m.from_owner, f.sha256,
         coalesce(o.own_account_id, r.later_account_id, m.sender_account_id) AS account_id,
         n.account_id IS NOT NULL AS nameless, coalesce(m.text, f.caption) AS said
  FROM messages AS m
  JOIN chat_platforms AS p ON p.chat_id = m.chat_id
  LEFT JOIN event_files AS f ON f.event_id = m.event_id
  LEFT JOIN own_accounts AS o ON o.exhibit_id = m.exhibit_id AND o.account_id = m.sender_account_id
                             AND m.from_owner
  LEFT JOIN numbers_given_again AS r ON r.account_id = m.sender_account_id
                                    AND m.sent_at >= r.again_from
  LEFT JOIN nameless_owners AS n ON n.account_id = m.sender_account_id
  WHERE m.message_key IS NOT NULL AND m.sent_at IS NOT NULL AND m.kind <> 'system'
    AND p.platform IN (SELECT platform FROM exported_messages)
),
signs AS (
  SELECT event_id, lower(trim(regexp_replace(said, '\s+', ' ', 'g'))) AS sign FROM (
    SELECT event_id, said FROM exported_messages UNION ALL SELECT event_id, said FROM kept
  )
  UNION ALL SELECT event_id, sha256 FROM exported_messages
  UNION ALL SELECT event_id, sha256 FROM kept
),
once_exported AS (
  SELECT e.export_chat, s.sign, min(e.event_id) AS event_id
  FROM signs AS s JOIN exported_messages AS e ON e.event_id = s.event_id
  WHERE length(s.sign) >= 6
  GROUP BY e.export_chat, s.sign HAVING count(*) = 1
),
once_kept AS (
  SELECT k.chat_id, k.platform, s.sign, min(k.event_id) AS other_event_id,
         coalesce(min(k.sent_at) FILTER (WHERE NOT coalesce(k.from_owner, FALSE)), min(k.sent_at))
           AS sent_at,
         coalesce(min(k.account_id) FILTER (WHERE NOT k.nameless), min(k.account_id)) AS account_id
  FROM signs AS s
  JOIN kept AS k ON k.event_id = s.event_id
  WHERE s.sign IN (SELECT sign FROM once_exported)
  GROUP BY k.chat_id, k.platform, s.sign HAVING count(DISTINCT k.message_key) = 1
),
met AS (
  SELECT DISTINCT e.event_id, e.export_chat, e.label_account_id, k.chat_id, k.other_event_id,
         k.account_id, epoch_us(e.local_at) - epoch_us(k.sent_at) AS apart_us
  FROM once_exported AS o
  JOIN exported_messages AS e ON e.event_id = o.event_id
  JOIN once_kept AS k ON k.platform = e.platform AND k.sign = o.sign
),
timed AS (
  SELECT *, CAST(round(apart_us / 900000000.0) AS BIGINT) * 15 AS clock_minutes FROM met
  WHERE abs(apart_us) <= 54000000000
    AND abs(apart_us - 900000000 * round(apart_us / 900000000.0)) <= 60000000
),
voted AS (
  SELECT export_chat, chat_id, clock_minutes, count(DISTINCT event_id) AS votes
  FROM timed GROUP BY export_chat, chat_id, clock_minutes
),
weighed AS (
  SELECT *, max(votes) OVER (PARTITION BY export_chat) AS most,
         CAST(sum(votes) OVER (PARTITION BY export_chat, chat_id) AS BIGINT) AS of_chat
  FROM voted
)
SELECT t.event_id, t.export_chat, t.label_account_id, t.chat_id, t.other_event_id, t.account_id,
       t.clock_minutes, w.votes,
       w.votes >= 2 AND w.votes * 20 >= w.most AND w.of_chat * 2 >= w.most AS counts
FROM timed AS t
JOIN weighed AS w ON w.export_chat = t.export_chat AND w.chat_id = t.chat_id
                 AND w.clock_minutes = t.clock_minutes
