-- Sources that were read
-- Which files were read, by which reader, and how many of their rows?
--
-- first = [
--   "path", "kind", "reader", "rows_seen", "rows_emitted", "rows_skipped", "first_at",
--   "last_at", "exhibit_id"
-- ]
SELECT s.*, i.path
FROM sources AS s JOIN items AS i ON i.item_id = s.item_id
ORDER BY exhibit_id, path, item_id
