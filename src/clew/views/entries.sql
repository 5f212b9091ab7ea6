-- Dated entries of documents
-- Which dated entries do documents hold, and which names and places does each mention?
--
-- first = ["first_day", "text", "names", "places", "path", "exhibit_id"]
SELECT e.exhibit_id, i.path, e.locator, e.first_day, e.last_day, e.precision, e.readings,
       e.written, e.year_basis, e.places, e.names, e.text
FROM entries AS e JOIN items AS i ON i.item_id = e.item_id
ORDER BY first_day NULLS LAST, exhibit_id, path, locator, written, text
