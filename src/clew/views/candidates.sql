-- Candidates for merging
-- Which message of a text export may be which message of a device?
--
-- first = ["merged_id", "score", "rank", "same_time", "content_match", "sender_match", "event_id"]
-- of = ["merge_candidates"]
SELECT * FROM merge_candidates
ORDER BY export_chat, event_id, rank, merged_id
