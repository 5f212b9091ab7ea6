-- Carried onward
-- Who carried which file from one group into another, and across which border?
--
-- times = ["at", "at"]
SELECT * FROM carried
ORDER BY "at" DESC, cluster_id, to_chat
