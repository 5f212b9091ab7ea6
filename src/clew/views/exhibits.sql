-- Exhibits
-- What was seized, and what became of every item of it?
--
-- [columns]
-- seen = "int"
-- processed = "int"
-- skipped = "int"
-- failed = "int"
-- in_archives = "int"
-- sources = "int"
-- messages = "int"
WITH broken AS (SELECT DISTINCT item_id FROM unread WHERE severity = 'error'),
ended AS (
  SELECT i.exhibit_id, i.in_archive,
         CASE WHEN i.outcome = 'processed' AND b.item_id IS NOT NULL THEN 'failed'
              ELSE i.outcome END AS outcome
  FROM items AS i LEFT JOIN broken AS b ON b.item_id = i.item_id
),
counted AS (
  SELECT exhibit_id, count(*) AS seen,
         count(*) FILTER (WHERE outcome = 'processed') AS processed,
         count(*) FILTER (WHERE outcome = 'skipped') AS skipped,
         count(*) FILTER (WHERE outcome = 'failed') AS failed,
         count(*) FILTER (WHERE in_archive) AS in_archives
  FROM ended GROUP BY exhibit_id
),
read_here AS (SELECT exhibit_id, count(*) AS sources FROM sources GROUP BY exhibit_id),
sent_here AS (SELECT exhibit_id, count(*) AS messages FROM messages GROUP BY exhibit_id)
SELECT e.exhibit_id, e.kind, e.country, coalesce(c.seen, 0) AS seen,
       coalesce(c.processed, 0) AS processed, coalesce(c.skipped, 0) AS skipped,
       coalesce(c.failed, 0) AS failed, coalesce(c.in_archives, 0) AS in_archives,
       coalesce(r.sources, 0) AS sources, coalesce(m.messages, 0) AS messages,
       e.search_id, e.label, e.authority, e.time_zone, e.hash_only, e.content_sha256
FROM exhibits AS e
LEFT JOIN counted AS c ON c.exhibit_id = e.exhibit_id
LEFT JOIN read_here AS r ON r.exhibit_id = e.exhibit_id
LEFT JOIN sent_here AS m ON m.exhibit_id = e.exhibit_id
ORDER BY exhibit_id
