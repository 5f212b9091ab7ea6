-- New files
-- How many shared contents, near duplicates together, are in no set?
SELECT count(*) AS value FROM new_files
