-- Sendings of known files
-- How many times was a file of a known set sent, each message once?
SELECT count(*) AS value FROM known_sendings
