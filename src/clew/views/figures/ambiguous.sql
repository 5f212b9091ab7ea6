-- Ambiguous dates
-- How many messages have a date that can be read in two ways?
SELECT count(*) AS value FROM messages WHERE date_order = 'ambiguous'
