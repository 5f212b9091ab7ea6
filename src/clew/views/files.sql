-- Files
-- Which files are new and most spread, which are settled, and who is first known to have shared
-- each?
--
-- first = [
--   "sha256", "media_type", "size", "settled_by", "known", "shares", "persons", "first_at",
--   "first_by"
-- ]
-- of = ["file_clusters"]
-- [columns]
-- represents = "bool"
-- first_by = "Id[Person]"
-- first_at = "datetime"
WITH begun AS (
  SELECT sha256, person_id AS first_by, sent_at AS first_at, certainty, first_in_cluster
  FROM first_shares
)
SELECT c.sha256, media_type, size, settled_by, settled_through, settled_distance, known,
       known_near, ignorable, file_present, shares, chats, persons, countries, items, exhibits,
       cluster_id, contents, representative = c.sha256 AS represents, distance, orientation,
       frames_matched, frames_total, cluster_chats, cluster_persons, cluster_countries,
       cluster_exhibits, cluster_shares, first_by, first_at, certainty, first_in_cluster
FROM file_clusters AS c LEFT JOIN begun AS b ON b.sha256 = c.sha256
ORDER BY NOT (coalesce(media_type LIKE 'image/%' OR media_type LIKE 'video/%', FALSE)
              OR shares > 0),
         settled_by <> 'open', cluster_chats DESC, cluster_persons DESC, cluster_countries DESC,
         cluster_exhibits DESC, cluster_shares DESC, cluster_id, NOT represents, sha256
