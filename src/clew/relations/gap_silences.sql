-- One row per device and time without a message that is longer than its own rhythm explains. The rhythm is that of the 45
-- days on either side: of p0, the part of them that are silent too, runs of L silent days come
-- about days x (1 - p0) x p0^L times by chance. What is found less than once in a hundred such
-- devices is a gap, where there are five active days on either side at least.
WITH days AS (
  SELECT exhibit_id, CAST(sent_at AS DATE) AS day, count(*) AS messages, min(sent_at) AS first_at,
         max(sent_at) AS last_at, min_by(event_id, struct_pack(a := sent_at, e := event_id)) AS first_event,
         max_by(event_id, struct_pack(a := sent_at, e := event_id)) AS last_event
  FROM timed_events WHERE kind <> 'system' GROUP BY exhibit_id, CAST(sent_at AS DATE)
),
spans AS (
  SELECT exhibit_id, min(day) AS first_day, max(day) AS last_day FROM days GROUP BY exhibit_id
),
silent AS (
  SELECT exhibit_id, day, first_at, first_event,
         lag(day) OVER w AS day_before, lag(last_at) OVER w AS last_before,
         lag(last_event) OVER w AS event_before
  FROM days WINDOW w AS (PARTITION BY exhibit_id ORDER BY day)
),
longer AS (
  SELECT s.*, p.first_day, p.last_day, date_diff('day', s.day_before, s.day) - 1 AS length
  FROM silent AS s JOIN spans AS p ON p.exhibit_id = s.exhibit_id
  WHERE date_diff('day', s.day_before, s.day) > 2
),
around AS (
  SELECT l.exhibit_id, l.day,
         count(*) FILTER (WHERE d.day <= l.day_before) AS active_before,
         count(*) FILTER (WHERE d.day >= l.day) AS active_after,
         CAST(sum(d.messages) AS BIGINT) AS messages
  FROM longer AS l
  JOIN days AS d ON d.exhibit_id = l.exhibit_id AND d.day BETWEEN l.day_before - 44 AND l.day + 44
                AND (d.day <= l.day_before OR d.day >= l.day)
  GROUP BY l.exhibit_id, l.day
),
figured AS (
  SELECT l.*, a.active_before, a.active_after, a.messages,
         least(45, date_diff('day', l.first_day, l.day_before) + 1) + least(45, date_diff('day', l.day, l.last_day) + 1) AS near,
         date_diff('day', l.first_day, l.last_day) + 1 AS span
  FROM longer AS l JOIN around AS a ON a.exhibit_id = l.exhibit_id AND a.day = l.day
),
rhythm AS (
  SELECT *, (near - active_before - active_after + 0.5) / (near + 1) AS p0,
         CAST(messages AS DOUBLE) / near AS rate
  FROM figured WHERE active_before >= 5 AND active_after >= 5
),
found AS (
  SELECT *, span * (1 - p0) * pow(p0, length) AS chance FROM rhythm
  WHERE span * (1 - p0) * pow(p0, length) <= 0.01
),
both_sides AS (
  SELECT f.exhibit_id, f.day, k.chat_id
  FROM found AS f
  JOIN known_groups AS k ON k.exhibit_id = f.exhibit_id AND k.first_at <= f.last_before
                        AND k.last_at >= f.first_at
),
ended AS (
  SELECT f.exhibit_id, f.day, count(*) AS groups,
         count(*) FILTER (WHERE k.last_at <= f.last_before) AS over
  FROM found AS f
  JOIN known_groups AS k ON k.exhibit_id = f.exhibit_id AND k.first_at <= f.last_before
                        AND k.last_at > f.last_before - INTERVAL 45 DAY
  GROUP BY f.exhibit_id, f.day
),
elsewhere AS (
  SELECT b.exhibit_id, b.day, count(*) AS messages,
         sorted_union(m.witnesses) AS others,
         first_items(
           ordered_list(m.event_ids[1], struct_pack(a := m.sent_at, m := m.merged_id)), 10)
           AS event_ids
  FROM both_sides AS b
  JOIN found AS f ON f.exhibit_id = b.exhibit_id AND f.day = b.day
  JOIN group_messages AS m ON m.chat_id = b.chat_id AND m.sent_at > f.last_before
                          AND m.sent_at < f.first_at
  GROUP BY b.exhibit_id, b.day
)
SELECT 'silent' AS kind,
       CASE WHEN coalesce(e.messages, 0) > 0 THEN 'others_show' ELSE 'rhythm' END AS strength,
       f.exhibit_id, CAST(NULL AS VARCHAR) AS chat_id, f.last_before AS from_at, f.first_at AS until_at,
       f.rate * f.length AS expected, f.chance, 0 AS kept,
       coalesce(e.messages, 0) AS others_hold, coalesce(e.others, CAST([] AS VARCHAR[])) AS others,
       CAST(NULL AS BIGINT) AS missing_rows, 0 AS recovered_rows, CAST(NULL AS VARCHAR) AS source_id, CAST(NULL AS VARCHAR) AS locator,
       coalesce(e.event_ids, [f.event_before, f.first_event]) AS event_ids,
       list_concat(
         ['whole_days=' || f.length, 'rate=' || printf('%.1f', f.rate), 'near=' || f.near,
          'silent_days=' || (f.near - f.active_before - f.active_after), 'span=' || f.span],
         CASE WHEN g.over > 0 THEN ['groups=' || g.groups, 'over=' || g.over]
              ELSE CAST([] AS VARCHAR[]) END) AS figures
FROM found AS f
LEFT JOIN elsewhere AS e ON e.exhibit_id = f.exhibit_id AND e.day = f.day
LEFT JOIN ended AS g ON g.exhibit_id = f.exhibit_id AND g.day = f.day
