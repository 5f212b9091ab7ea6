-- One row per message that has files: how many, and of one of them the content and the caption.
SELECT event_id, min(sha256) AS sha256, count(*) AS files, min(caption) AS caption
FROM shares GROUP BY event_id
