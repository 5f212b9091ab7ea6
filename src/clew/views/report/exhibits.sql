-- Exhibits of the report
-- What was seized where, who is its holder, what became of it, and how right was its clock?
--
-- [columns]
-- seen = "int"
-- processed = "int"
-- skipped = "int"
-- failed = "int"
-- messages = "int"
-- first_at = "datetime"
-- last_at = "datetime"
-- persons = "tuple[Id[Person], ...]"
WITH broken AS (SELECT DISTINCT item_id FROM unread WHERE severity = 'error'),
counted AS (
  SELECT i.exhibit_id, count(*) AS seen,
         count(*) FILTER (WHERE i.outcome = 'processed' AND b.item_id IS NULL) AS processed,
         count(*) FILTER (WHERE i.outcome = 'skipped') AS skipped,
         count(*) FILTER (WHERE i.outcome = 'failed'
                             OR (i.outcome = 'processed' AND b.item_id IS NOT NULL)) AS failed
  FROM items AS i LEFT JOIN broken AS b ON b.item_id = i.item_id GROUP BY i.exhibit_id
),
sent AS (
  SELECT exhibit_id, count(*) AS messages, min(sent_at) AS first_at, max(sent_at) AS last_at
  FROM messages GROUP BY exhibit_id
),
holding AS (
  SELECT exhibit_id, list_sort(array_agg(person_id)) AS persons FROM holders GROUP BY exhibit_id
)
SELECT e.exhibit_id, e.kind, e.country, e.search_id, e.label, e.authority, e.acquired_at,
       e.acquired_with, e.time_zone, e.hash_only, e.content_sha256,
       coalesce(c.seen, 0) AS seen, coalesce(c.processed, 0) AS processed,
       coalesce(c.skipped, 0) AS skipped, coalesce(c.failed, 0) AS failed,
       coalesce(s.messages, 0) AS messages, s.first_at, s.last_at,
       coalesce(h.persons, CAST([] AS VARCHAR[])) AS persons, k.ahead_s, k.drift_s
FROM exhibits AS e
LEFT JOIN counted AS c ON c.exhibit_id = e.exhibit_id
LEFT JOIN sent AS s ON s.exhibit_id = e.exhibit_id
LEFT JOIN holding AS h ON h.exhibit_id = e.exhibit_id
LEFT JOIN clock_offsets AS k ON k.exhibit_id = e.exhibit_id
ORDER BY exhibit_id
