-- How many sets of known files there are.
SELECT count(*) AS n FROM hash_sets WHERE kind = 'known'
