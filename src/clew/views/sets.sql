-- Hash sets
-- Which hash sets does the case use, of which version and from whom?
--
-- of = ["hash_sets"]
SELECT * FROM hash_sets
ORDER BY "set", version
