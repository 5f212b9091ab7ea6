-- New files that are answered
-- Of how many new files do the devices tell who most likely brought them in?
SELECT count(*) AS value FROM new_files WHERE answered
