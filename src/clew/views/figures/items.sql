-- Items seen
-- How many files, folders and members of archives were seen?
SELECT count(*) AS value FROM items
