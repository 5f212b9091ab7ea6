-- Different pictures. Two frames of one content with one hash are one picture.
WITH ranked AS (
  SELECT source_id, algorithm, value, turned, quality, simple_graphic, decode_path, at_ms,
         row_number() OVER (PARTITION BY source_id, algorithm, value
                            ORDER BY quality DESC, simple_graphic, turned, frame, decode_path,
                                     exhibit_id) AS rank
  FROM fingerprints WHERE algorithm IN ('pdq', 'pdq_trimmed')
)
SELECT value, turned, algorithm, quality, simple_graphic, at_ms,
       min(decode_path) AS decode_path, list_sort(array_agg(source_id)) AS contents
FROM ranked WHERE rank = 1
GROUP BY value, turned, algorithm, quality, simple_graphic, at_ms
ORDER BY algorithm, value, turned, quality, simple_graphic, at_ms NULLS FIRST
