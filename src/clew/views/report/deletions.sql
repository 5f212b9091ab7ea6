-- Deleted, and live elsewhere
-- Which message is deleted on one device and live on another, and who deleted it?
--
-- [columns]
-- deleted_at = "datetime"
-- deleted_by = "Id[Person]"
-- deleted_on = "tuple[Id[Exhibit], ...]"
-- live_on = "tuple[Id[Exhibit], ...]"
SELECT merged_id, min(chat_id) AS chat_id, min(deleted_at) AS deleted_at,
       min(deleted_by) AS deleted_by, list_sort(array_agg(DISTINCT exhibit_id)) AS deleted_on,
       list_sort(array_agg(DISTINCT other_exhibit_id)) AS live_on
FROM message_conflicts
WHERE kind IN ('deleted_for_everyone_live_there', 'deleted_here_live_there')
GROUP BY merged_id
ORDER BY deleted_at NULLS LAST, merged_id
