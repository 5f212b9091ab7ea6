-- Files of an exhibit that hold something and that a reader may want or that may have a structure, in
-- order of their paths. A media type is empty where the first bytes tell nothing.
WITH named AS (
  -- a backup keeps files under other names than those that a reader knows
  SELECT *, CASE WHEN device_path IS NULL OR ends_with('/' || path, device_path) THEN path
                 ELSE device_path END AS called
  FROM items
)
SELECT item_id, exhibit_id, parent_item_id, path, path_raw, ordinal, in_archive, size, sha256,
       media_type, called
FROM named
WHERE exhibit_id = $exhibit
  AND kind = 'file' AND outcome = 'processed' AND sha256 IS NOT NULL AND size > 0
  AND (media_type IS NULL OR media_type IN (SELECT unnest($media_types))
       OR regexp_matches(regexp_replace(lower(called), '^.*/', '', 'g'), $names))
  -- what was deleted from a disk is matched by its hash, and never read as if it were live
  AND item_id NOT IN (SELECT item_id FROM flags WHERE code = 'image:deleted')
ORDER BY path, item_id
