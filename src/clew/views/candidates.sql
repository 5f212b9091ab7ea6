-- Candidates for merging
-- Which message of a text export may be which message of a device?
--
-- of = ["merge_candidates"]
SELECT * FROM merge_candidates
ORDER BY export_chat, event_id, rank, merged_id
