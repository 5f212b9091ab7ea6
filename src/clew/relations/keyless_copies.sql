-- Messages without an id that stand more than once and are one, each with the copy that stands for all:
-- an export that one exhibit keeps twice (exported_twice), and a file of the same bytes on several
-- exhibits, where the same row of it is the same message. What an exhibit's own name is part of, such as
-- some conversations, is not the same on two of them.
WITH of_one_file AS (
  SELECT source_id, locator, chat_id, min(event_id) AS copy_of
  FROM messages WHERE message_key IS NULL
  GROUP BY source_id, locator, chat_id
  HAVING count(DISTINCT exhibit_id) > 1
),
same_row AS (
  SELECT m.event_id, f.copy_of
  FROM messages AS m
  JOIN of_one_file AS f ON f.source_id = m.source_id AND f.locator = m.locator AND f.chat_id = m.chat_id
  WHERE m.message_key IS NULL
),
copies AS (
  SELECT event_id, copy_of FROM exported_twice
  UNION ALL
  SELECT s.event_id, s.event_id AS copy_of
  FROM same_row AS s LEFT JOIN exported_twice AS w ON w.event_id = s.event_id
  WHERE w.event_id IS NULL
)
SELECT c.event_id, coalesce(s.copy_of, c.copy_of) AS copy_of
FROM copies AS c LEFT JOIN same_row AS s ON s.event_id = c.copy_of
