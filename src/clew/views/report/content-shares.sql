-- Shares of contents
-- Who shared a content where, in the order of time?
--
-- parameters = { clusters = [""] }
-- [columns]
-- cluster_id = "Id[FileCluster]"
-- sha256 = "Hash"
-- merged_id = "Id[MergedMessage]"
-- event_id = "Id[Message]"
-- chat_id = "Id[Chat]"
-- person_id = "Id[Person]"
-- moment = "datetime"
-- forwarded = "int"
-- at_us = "int"
SELECT cluster_id, sha256, merged_id, event_id, chat_id, person_id,
       make_timestamptz(at_us) AS moment, forwarded, at_us
FROM spread_shares WHERE list_contains($clusters, cluster_id)
ORDER BY cluster_id, at_us, merged_id, sha256
