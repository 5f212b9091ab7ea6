-- A table of an exhibit's pictures and videos, from all that was looked at anywhere.
WITH ready AS ($READY),
seen AS (
  SELECT DISTINCT sha256 FROM items
  WHERE exhibit_id = $exhibit AND outcome = 'processed' AND media_type IN (SELECT unnest($kinds))
)
SELECT DISTINCT $exhibit AS exhibit_id, $COLUMNS
FROM ready AS r JOIN seen ON seen.sha256 = r.source_id
ORDER BY $ORDER
