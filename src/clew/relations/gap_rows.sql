-- One row per run of row numbers that are missing together from a database. Of q, the part of numbers that is missing
-- elsewhere in the same table, runs of L come about n x (1 - q) x q^L times by chance. Only where
-- times rise with the numbers: of the rows before, 5 in 100 at most are later than the row after,
-- and the other way round. Else the rows after were put in from somewhere else.
WITH numbered AS (
  SELECT m.exhibit_id, m.source_id, split_part(m.locator, '/', 1) AS part,
         CAST(split_part(m.locator, '/', 2) AS BIGINT) AS row, m.event_id, m.locator,
         m.sent_at
  FROM messages AS m
  JOIN (SELECT DISTINCT exhibit_id, source_id FROM sources
        WHERE kind LIKE 'whatsapp.android%' OR kind LIKE 'whatsapp.ios%' OR kind LIKE 'signal.%')
    AS s ON s.exhibit_id = m.exhibit_id AND s.source_id = m.source_id
  WHERE regexp_matches(m.locator, '^[A-Za-z_]+/[0-9]{1,18}$') AND m.locator NOT LIKE 'line/%'
),
stepped AS (
  SELECT *, row - lag(row) OVER w - 1 AS missing, lag(row) OVER w AS row_before,
         lag(sent_at) OVER w AS at_before, lag(event_id) OVER w AS event_before,
         lag(locator) OVER w AS locator_before
  FROM numbered WINDOW w AS (PARTITION BY exhibit_id, source_id, part ORDER BY row, event_id)
),
summed AS (
  SELECT *, count(*) OVER whole AS n,
         CAST(sum(greatest(missing, 0)) FILTER (WHERE sent_at >= at_before - INTERVAL 1 DAY)
                OVER whole AS BIGINT) AS all_missing
  FROM stepped WINDOW whole AS (PARTITION BY exhibit_id, source_id, part)
),
judged AS (
  SELECT *, (all_missing - missing + 0.5) / (n + all_missing - missing + 1) AS q
  FROM summed WHERE missing >= 3 AND sent_at >= at_before - INTERVAL 1 DAY
),
rare AS (
  SELECT *, n * (1 - q) * pow(q, missing) AS chance FROM judged
  WHERE n * (1 - q) * pow(q, missing) <= 0.01
),
rising AS (
  SELECT r.event_id
  FROM rare AS r
  JOIN numbered AS x ON x.exhibit_id = r.exhibit_id AND x.source_id = r.source_id
                    AND x.part = r.part
  GROUP BY r.event_id
  HAVING count(*) FILTER (WHERE x.row < r.row AND x.sent_at > r.sent_at + INTERVAL 1 DAY)
           <= 0.05 * count(*) FILTER (WHERE x.row < r.row)
     AND count(*) FILTER (WHERE x.row >= r.row AND x.sent_at < r.at_before - INTERVAL 1 DAY)
           <= 0.05 * count(*) FILTER (WHERE x.row >= r.row)
),
found AS (SELECT r.* FROM rare AS r JOIN rising AS o ON o.event_id = r.event_id),
recovered AS (
  SELECT f.event_id, count(*) AS rows
  FROM found AS f
  JOIN recovered_rows AS r ON r.exhibit_id = f.exhibit_id AND r.source_id = f.source_id
                          AND r.source_table = f.part AND r.row > f.row_before AND r.row < f.row
  WHERE r.found_in <> 'superseded' GROUP BY f.event_id
),
elsewhere AS (
  SELECT f.event_id, count(*) AS messages,
         sorted_union(m.witnesses) AS others,
         first_items(
           ordered_list(m.event_ids[1], struct_pack(a := m.sent_at, m := m.merged_id)), 10)
           AS event_ids
  FROM found AS f
  JOIN known_groups AS k ON k.exhibit_id = f.exhibit_id AND k.first_at <= f.sent_at
                        AND k.last_at >= f.at_before
  JOIN group_messages AS m ON m.chat_id = k.chat_id AND m.sent_at > f.at_before
                          AND m.sent_at < f.sent_at
                          AND NOT list_contains(m.witnesses, f.exhibit_id)
  GROUP BY f.event_id
)
SELECT 'missing_rows' AS kind, 'rows_show' AS strength, f.exhibit_id, CAST(NULL AS VARCHAR) AS chat_id,
       f.at_before AS from_at, f.sent_at AS until_at, CAST(f.missing AS DOUBLE) AS expected,
       f.chance, 0 AS kept, coalesce(e.messages, 0) AS others_hold,
       coalesce(e.others, CAST([] AS VARCHAR[])) AS others, f.missing AS missing_rows,
       coalesce(r.rows, 0) AS recovered_rows, f.source_id,
       f.locator_before || ' .. ' || f.locator AS locator,
       list_concat([f.event_before, f.event_id],
                   first_items(coalesce(e.event_ids, CAST([] AS VARCHAR[])), 8)) AS event_ids,
       ['lacks=' || printf('%.2f', 100 * f.q)] AS figures
FROM found AS f
LEFT JOIN recovered AS r ON r.event_id = f.event_id
LEFT JOIN elsewhere AS e ON e.event_id = f.event_id
