-- One row per device and group of which the records begin later than the holder was in it. What the device lacks of the
-- group elsewhere (q) explains L missing messages with a chance of q^L; where nobody else holds the
-- time, messages to be expected at the device's own rate in the group speak, if they are 20 or more in a week or longer.
WITH first_seen AS (
  SELECT exhibit_id, chat_id, min(joined_at) AS joined_at
  FROM holder_entries GROUP BY exhibit_id, chat_id
),
rates AS (
  SELECT k.exhibit_id, k.chat_id,
         count(*) FILTER (WHERE len(m.witnesses) > 1
                          OR NOT list_contains(m.witnesses, k.exhibit_id)) AS known,
         count(*) FILTER (WHERE NOT list_contains(m.witnesses, k.exhibit_id)) AS lacking,
         count(*) FILTER (WHERE list_contains(m.witnesses, k.exhibit_id)
                          AND m.sent_at < k.first_at + INTERVAL 60 DAY) AS early
  FROM known_groups AS k
  JOIN group_messages AS m ON m.chat_id = k.chat_id AND m.sent_at BETWEEN k.first_at AND k.last_at
  GROUP BY k.exhibit_id, k.chat_id
),
late AS (
  SELECT k.*, f.joined_at, r.known, r.lacking, (r.lacking + 0.5) / (r.known + 1) AS q,
         date_diff('minute', f.joined_at, k.first_at) / 1440.0 AS days,
         r.early / greatest(1.0, least(60.0,
           date_diff('minute', k.first_at, k.last_at) / 1440.0)) AS rate
  FROM known_groups AS k
  JOIN first_seen AS f ON f.exhibit_id = k.exhibit_id AND f.chat_id = k.chat_id
  JOIN rates AS r ON r.exhibit_id = k.exhibit_id AND r.chat_id = k.chat_id
  WHERE f.joined_at < k.first_at
),
missed AS (
  SELECT l.exhibit_id, l.chat_id, count(*) AS messages,
         sorted_union(m.witnesses) AS others,
         first_items(
           ordered_list(m.event_ids[1], struct_pack(a := m.sent_at, m := m.merged_id)), 10)
           AS event_ids
  FROM late AS l
  JOIN group_messages AS m ON m.chat_id = l.chat_id AND m.sent_at >= l.joined_at
                          AND m.sent_at < l.first_at
  GROUP BY l.exhibit_id, l.chat_id
),
judged AS (
  SELECT l.*, coalesce(m.messages, 0) AS others_hold, m.others, m.event_ids,
         l.rate * l.days AS expected,
         CASE WHEN m.messages > 0 THEN pow(l.q, m.messages) ELSE exp(-l.rate * l.days) END AS chance
  FROM late AS l
  LEFT JOIN missed AS m ON m.exhibit_id = l.exhibit_id AND m.chat_id = l.chat_id
)
SELECT 'history_start' AS kind,
       CASE WHEN others_hold > 0 THEN 'others_show' ELSE 'stated' END AS strength, exhibit_id,
       chat_id, joined_at AS from_at, first_at AS until_at, expected, chance, 0 AS kept,
       others_hold, coalesce(others, CAST([] AS VARCHAR[])) AS others, CAST(NULL AS BIGINT) AS missing_rows,
       0 AS recovered_rows, CAST(NULL AS VARCHAR) AS source_id, CAST(NULL AS VARCHAR) AS locator,
       coalesce(event_ids, [first_event]) AS event_ids,
       CASE WHEN others_hold > 0 THEN ['lacks=' || printf('%.1f', 100 * q)]
            ELSE ['rate=' || printf('%.1f', rate)] END AS figures
FROM judged
WHERE chance <= 0.01 AND (others_hold > 0 OR (expected >= 20 AND days >= 7))
