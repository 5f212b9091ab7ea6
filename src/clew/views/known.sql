-- Known files per person
-- Which known file did each person send, receive or keep: when, in which group, on which device?
-- A file is stored where no message says how it came there, and shown where the message names its
-- sender only as a text export does.
--
-- times = ["at", "at"]
-- first = ["at", "act", "hash", "person_id", "categories", "exhibits", "own_device", "subject", "time_basis"]
-- [columns]
-- person_id = "Id[Person]"
-- country = "Country"
-- act = "Term"
-- at = "datetime"
-- time_basis = "Term"
-- sent_local = "LocalTime"
-- chat_id = "Id[Chat]"
-- hash = "Hash"
-- sets = "tuple[Term, ...]"
-- categories = "tuple[Term, ...]"
-- exhibits = "tuple[Id[Exhibit], ...]"
-- own_device = "bool"
-- ever_sent = "bool"
-- deleted = "bool"
-- files = "int"
-- path = "Path"
-- event_id = "Id[Message]"
WITH listed AS (
  SELECT coalesce(sha256, query_hash) AS hash, tier, "set" || ' ' || version AS listed_in, category,
         item_id
  FROM matches WHERE kind = 'known' AND tier <> 'review'
),
judged AS (
  SELECT sha256 AS hash, concat_ws(' ', scheme, country, scheme_version, code) AS category
  FROM categories_that_count
),
categorised AS (
  SELECT hash, sorted_set(category) AS categories
  FROM (SELECT hash, category FROM listed UNION SELECT hash, category FROM judged)
  WHERE category IS NOT NULL GROUP BY hash
),
known AS (
  SELECT l.hash, min(l.tier) AS tier, sorted_set(l.listed_in) AS sets,
         coalesce(min(c.categories), CAST([] AS VARCHAR[])) AS categories
  FROM listed AS l LEFT JOIN categorised AS c ON c.hash = l.hash GROUP BY l.hash
),
attached AS (  -- by the strongest digest that both sides have
  SELECT s.event_id, s.exhibit_id, s.deleted, coalesce(a.hash, b.hash, c.hash, d.hash) AS hash
  FROM (
    SELECT event_id, exhibit_id, sha256, original_sha256, sha1, md5, FALSE AS deleted FROM shares
    UNION ALL
    SELECT event_id, exhibit_id, sha256, original_sha256, sha1, md5, TRUE FROM recovered_shares
    WHERE found_in <> 'superseded'
  ) AS s
  LEFT JOIN known AS a ON a.hash = s.sha256
  LEFT JOIN known AS b ON b.hash = s.original_sha256
  LEFT JOIN known AS c ON c.hash = s.sha1
  LEFT JOIN known AS d ON d.hash = s.md5
  WHERE coalesce(a.hash, b.hash, c.hash, d.hash) IS NOT NULL
),
carrying AS (  -- messages live and deleted, each with all its copies
  SELECT c.merged_id, c.chat_id, s.person_id, s.sent_at, s.time_basis, s.sent_local, c.event_id
  FROM merged_copies AS c JOIN sender AS s ON s.merged_id = c.merged_id
  UNION ALL
  SELECT m.event_id, m.chat_id, coalesce(p.person_id, m.sender_account_id), m.sent_at,
         CASE WHEN m.sent_at IS NULL THEN 'none' ELSE 'sender_clock' END, m.sent_local, m.event_id
  FROM recovered_messages AS m
  LEFT JOIN account_person AS p ON p.account_id = m.sender_account_id
                               AND coalesce(m.sent_at, p.untimed) BETWEEN p.since AND p.until
),
copies AS (
  SELECT c.*, a.hash, a.exhibit_id, a.deleted, h.person_id AS holder,
         coalesce(h.person_id = c.person_id, FALSE) AS own_device,
         -- behind a mere name may be the holder of the device
         CASE WHEN c.person_id IS NULL OR t.id_type = 'label' THEN 'shown' ELSE 'received' END
           AS there
  FROM attached AS a
  JOIN carrying AS c ON c.event_id = a.event_id
  LEFT JOIN holders AS h ON h.exhibit_id = a.exhibit_id
  LEFT JOIN account_types AS t ON t.account_id = c.person_id
),
senders AS (SELECT DISTINCT hash, person_id FROM copies WHERE person_id IS NOT NULL),
acts AS (
  SELECT hash, 'sent' AS act, person_id, merged_id, chat_id, sent_at, time_basis, sent_local,
         exhibit_id, own_device, deleted, event_id
  FROM copies
  UNION ALL
  SELECT hash, there, holder, merged_id, chat_id, sent_at, time_basis, sent_local,
         exhibit_id, holder IS NOT NULL, deleted, event_id
  FROM copies WHERE NOT own_device
),
stored AS (
  SELECT i.exhibit_id, l.hash, count(DISTINCT i.item_id) AS files, min(i.path) AS path,
         min(i.mtime) AS changed_at
  FROM listed AS l JOIN items AS i ON i.item_id = l.item_id GROUP BY i.exhibit_id, l.hash
),
rows_of_all AS (
  SELECT a.person_id, a.act, a.hash, min(a.sent_at) AS at, min(a.time_basis) AS time_basis,
         min(a.sent_local) AS sent_local, min(a.chat_id) AS chat_id,
         sorted_set(a.exhibit_id) AS exhibits, bool_or(a.own_device) AS own_device,
         bool_and(a.deleted) AS deleted, min(a.event_id) AS event_id,
         max(coalesce(s.files, 0)) AS files,
         coalesce(min(CASE WHEN a.own_device THEN s.path END), min(s.path)) AS path
  FROM acts AS a
  LEFT JOIN stored AS s ON s.exhibit_id = a.exhibit_id AND s.hash = a.hash
  GROUP BY a.person_id, a.act, a.hash, a.merged_id
  UNION ALL  -- where no message tells how it came there
  SELECT h.person_id, 'stored', s.hash, s.changed_at,
         CASE WHEN s.changed_at IS NULL THEN 'none' ELSE 'file_system' END, NULL, NULL,
         [s.exhibit_id], h.person_id IS NOT NULL, FALSE, NULL, s.files, s.path
  FROM stored AS s
  LEFT JOIN holders AS h ON h.exhibit_id = s.exhibit_id
  LEFT JOIN copies AS c ON c.exhibit_id = s.exhibit_id AND c.hash = s.hash
  WHERE c.hash IS NULL
)
SELECT r.person_id, p.country, r.act, r.at, r.time_basis, r.sent_local, g.subject, r.chat_id,
       k.tier, k.sets, k.categories, r.exhibits, r.own_device, e.hash IS NOT NULL AS ever_sent,
       r.deleted, r.files, r.path, r.hash, r.event_id
FROM rows_of_all AS r
JOIN known AS k ON k.hash = r.hash
LEFT JOIN persons AS p ON p.person_id = r.person_id
LEFT JOIN groups AS g ON g.chat_id = r.chat_id
LEFT JOIN senders AS e ON e.hash = r.hash AND e.person_id = r.person_id
ORDER BY person_id NULLS LAST, "at" NULLS LAST, sent_local, act, hash, event_id, exhibits
