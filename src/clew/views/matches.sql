-- Matches with hash sets
-- Which file or record of a file matches which entry of a hash set, and how nearly?
--
-- first = [
--   "sha256", "set", "kind", "tier", "distance", "category", "file_present", "exhibit_id",
--   "item_id"
-- ]
SELECT * FROM matches
ORDER BY kind <> 'known', CASE tier WHEN 'exact' THEN 0 WHEN 'near' THEN 1 ELSE 2 END,
         distance, "set", version, sha256, exhibit_id, match_id
