-- Groups with known files
-- Into how many groups were files of a known set sent?
SELECT count(DISTINCT chat_id) AS value FROM known_sendings WHERE in_group
