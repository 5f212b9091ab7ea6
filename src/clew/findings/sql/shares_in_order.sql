-- Shares of contents by persons, in the order of contents and times.
SELECT * FROM spread_shares ORDER BY cluster_id, at_us, merged_id
