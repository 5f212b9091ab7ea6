-- Different files shared
-- How many different files were shared?
SELECT count(DISTINCT sha256) AS value FROM shares
