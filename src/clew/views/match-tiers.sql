-- Matches by tier
-- How many files match the known and the ignorable sets, exactly, nearly, or for review?
--
-- [columns]
-- files = "int"
-- matches = "int"
SELECT kind, tier, count(DISTINCT coalesce(sha256, query_hash)) AS files, count(*) AS matches
FROM matches GROUP BY kind, tier
ORDER BY kind <> 'known', CASE tier WHEN 'exact' THEN 0 WHEN 'near' THEN 1 ELSE 2 END, tier
