-- Known files that were sent
-- How many different files of a known set were sent?
SELECT count(DISTINCT sha256) AS value FROM known_sendings
