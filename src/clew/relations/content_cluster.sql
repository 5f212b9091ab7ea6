-- One row per content, with the cluster of near duplicates that it is in.
SELECT sha256, min(cluster_id) AS cluster_id, bool_or(known) AS known
FROM file_clusters GROUP BY sha256
