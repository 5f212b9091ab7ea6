-- Each content as one picture: of several frames that look alike it is the first. Those in $moving
-- have frames that differ.
WITH ranked AS (
  SELECT source_id, value, turned, quality, width * height AS pixels,
         row_number() OVER (PARTITION BY source_id ORDER BY frame NULLS FIRST, value, turned,
                            exhibit_id) AS rank
  FROM rated_fingerprints
  WHERE algorithm = 'pdq' AND enough AND NOT simple_graphic
    AND source_id NOT IN (SELECT unnest($moving))
)
SELECT value, min(turned) AS turned, max(quality) AS quality, max(pixels) AS pixels,
       min(source_id) AS first, list_sort(array_agg(source_id)) AS contents
FROM ranked WHERE rank = 1 GROUP BY value ORDER BY value
