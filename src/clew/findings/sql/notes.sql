-- Entries of notes.
SELECT exhibit_id, source_id, locator, text FROM entries ORDER BY exhibit_id, source_id, locator, text
