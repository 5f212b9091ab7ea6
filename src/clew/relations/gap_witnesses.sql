-- One row per run of messages of a group that others hold and a device lacks, between its own first and last there.
-- A device loses single rows: of q, the part it lacks of what others hold elsewhere in the group,
-- runs of L one after another come about n x (1 - q) x q^L times by chance. Rarer than 0.01, they are a range.
WITH seen AS (
  SELECT k.exhibit_id, k.chat_id, m.merged_id, m.sent_at, m.witnesses, m.event_ids[1] AS event_id,
         list_contains(m.witnesses, k.exhibit_id) AS kept,
         len(m.witnesses) > 1 OR NOT list_contains(m.witnesses, k.exhibit_id) AS elsewhere
  FROM known_groups AS k
  JOIN group_messages AS m ON m.chat_id = k.chat_id AND m.sent_at BETWEEN k.first_at AND k.last_at
),
counted AS (
  SELECT *, CAST(sum(CASE WHEN kept THEN 1 ELSE 0 END) OVER before AS BIGINT) AS kept_before,
         count(*) OVER whole AS n, count(*) FILTER (WHERE NOT kept) OVER whole AS lacking,
         count(*) FILTER (WHERE elsewhere) OVER whole AS others_know
  FROM seen
  WINDOW before AS (PARTITION BY exhibit_id, chat_id ORDER BY sent_at, merged_id),
         whole AS (PARTITION BY exhibit_id, chat_id)
),
runs AS (
  SELECT exhibit_id, chat_id, kept_before, min(n) AS n, min(lacking) AS lacking,
         min(others_know) AS others_know,
         count(*) FILTER (WHERE NOT kept) AS length,
         min(sent_at) FILTER (WHERE kept) AS from_at,
         max(sent_at) FILTER (WHERE NOT kept) AS last_lacking
  FROM counted GROUP BY exhibit_id, chat_id, kept_before
),
judged AS (
  SELECT *, lead(from_at) OVER (PARTITION BY exhibit_id, chat_id ORDER BY kept_before) AS until_at,
         (lacking - length + 0.5) / (others_know - length + 1) AS q
  FROM runs
),
ranged AS (
  SELECT *, n * (1 - q) * pow(q, length) AS chance,
         length >= 3 AND n * (1 - q) * pow(q, length) <= 0.01 AS is_range
  FROM judged WHERE length > 0
),
lacks AS (
  SELECT r.exhibit_id, r.chat_id, r.is_range, CASE WHEN r.is_range THEN r.kept_before END AS run,
         min(coalesce(r.from_at, c.sent_at)) AS from_at,
         max(coalesce(r.until_at, c.sent_at)) AS until_at, min(r.n) AS n,
         min(r.lacking) AS lacking, count(*) AS messages,
         min(r.chance) AS chance, min(r.q) AS q,
         sorted_union(c.witnesses) AS others,
         first_items(ordered_list(c.event_id, struct_pack(a := c.sent_at, m := c.merged_id)), 10)
           AS event_ids
  FROM ranged AS r
  JOIN counted AS c ON c.exhibit_id = r.exhibit_id AND c.chat_id = r.chat_id
                   AND c.kept_before = r.kept_before AND NOT c.kept
  GROUP BY r.exhibit_id, r.chat_id, r.is_range, CASE WHEN r.is_range THEN r.kept_before END
),
away AS (
  SELECT l.exhibit_id, l.chat_id, l.run, min(x.ended_at) AS ended_at
  FROM lacks AS l
  JOIN holder_exits AS x ON x.exhibit_id = l.exhibit_id AND x.chat_id = l.chat_id
                        AND x.ended_at BETWEEN l.from_at - INTERVAL 1 DAY AND l.until_at
  WHERE l.is_range GROUP BY l.exhibit_id, l.chat_id, l.run
),
recovered AS (
  SELECT l.exhibit_id, l.chat_id, l.run, count(*) AS rows
  FROM lacks AS l
  JOIN recovered_messages AS r ON r.exhibit_id = l.exhibit_id AND r.chat_id = l.chat_id
                              AND r.sent_at BETWEEN l.from_at AND l.until_at
  WHERE r.found_in <> 'superseded' GROUP BY l.exhibit_id, l.chat_id, l.run
)
SELECT CASE WHEN l.is_range THEN 'missing_range' ELSE 'missing_messages' END AS kind,
       'others_show' AS strength, l.exhibit_id, l.chat_id, l.from_at, l.until_at,
       CAST(l.messages AS DOUBLE) AS expected, CASE WHEN l.is_range THEN l.chance END AS chance,
       CASE WHEN l.is_range THEN 0 ELSE l.n - l.lacking END AS kept, l.messages AS others_hold,
       l.others, CAST(NULL AS BIGINT) AS missing_rows, coalesce(r.rows, 0) AS recovered_rows, CAST(NULL AS VARCHAR) AS source_id,
       CAST(NULL AS VARCHAR) AS locator, l.event_ids,
       list_concat(
         ['known=' || l.n, 'lacks=' || printf('%.1f', CASE WHEN l.is_range THEN 100 * l.q
                                                          ELSE 100.0 * l.messages / l.n END)],
         CASE WHEN a.ended_at IS NULL THEN CAST([] AS VARCHAR[])
              ELSE ['left=' || strftime(a.ended_at, '%Y-%m-%d %H:%MZ')] END) AS figures
FROM lacks AS l
LEFT JOIN away AS a ON a.exhibit_id = l.exhibit_id AND a.chat_id = l.chat_id AND a.run = l.run
LEFT JOIN recovered AS r ON r.exhibit_id = l.exhibit_id AND r.chat_id = l.chat_id
                        AND r.run IS NOT DISTINCT FROM l.run
