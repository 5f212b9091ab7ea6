-- What of an exhibit's pictures and videos could not be fingerprinted, each at its first item.
-- Tables in memory: known_media_files, known_unread.
WITH seen AS (
  SELECT DISTINCT ON (sha256) sha256, item_id, path, media_type, size
  FROM items
  WHERE exhibit_id = $exhibit AND sha256 IS NOT NULL AND outcome = 'processed'
    AND media_type IN (SELECT unnest($kinds)) AND size > 0
  ORDER BY sha256, path, item_id
),
reported AS (
  SELECT DISTINCT r.source_id, r.locator, i.item_id, i.path, r.reader, r.severity, r.code, r.figures
  FROM known_unread AS r JOIN seen AS i ON i.sha256 = r.source_id
  WHERE NOT starts_with(r.code, 'needs:') AND r.code <> 'limit:bytes'
    AND i.media_type NOT IN (SELECT unnest($unsupported))
    -- what was gone counts here alone, and only where it was found nowhere else
    AND (NOT starts_with(r.code, 'gone:') OR (r.exhibit_id = $exhibit AND r.source_id NOT IN (
      SELECT source_id FROM known_media_files)))
  UNION ALL
  SELECT sha256, 'file', item_id, path, 'fingerprint', 'error', 'limit:bytes',
    ['mib=' || size // 1048576, 'most=' || $most // 1048576]
  FROM seen WHERE size > $most AND NOT starts_with(media_type, 'video/')
    AND media_type IN (SELECT unnest($readable))
  UNION ALL
  SELECT sha256, 'file', item_id, path, 'fingerprint', 'error', 'unsupported',
    ['media_type=' || media_type]
  FROM seen WHERE media_type IN (SELECT unnest($unsupported))
  UNION ALL
  SELECT min_by(sha256, struct_pack(p := path, i := item_id)), 'file',
    min_by(item_id, struct_pack(p := path, i := item_id)), min(path), 'fingerprint', 'warning', 'needs:clew[media]',
    ['n=' || count(*), 'media_type=' || media_type]
  FROM seen WHERE media_type NOT IN (SELECT unnest($readable || $unsupported)) GROUP BY media_type
)
SELECT $exhibit AS exhibit_id, source_id, locator, item_id, path, reader, severity, code, figures
FROM reported
ORDER BY source_id, code, figures
