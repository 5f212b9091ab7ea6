-- Other exports of the exhibit that are written alike, and whose numbers prove an order.
WITH written AS (
  SELECT DISTINCT exhibit_id, source_id,
         regexp_replace(regexp_replace(regexp_replace(lower(sent_text), '[0-9]{4}', 'Y', 'g'),
                                       '[0-9]+', '9', 'g'), '\pL\pM*[.]?[\s ]?', 'x', 'g') AS form
  FROM messages
  WHERE tz_basis = 'export_local' AND sent_text IS NOT NULL
),
padded AS (
  SELECT exhibit_id, source_id,
         bool_or(regexp_matches(sent_text, '(^|[^0-9:.])0[0-9][./-]')) AS has_zeros
  FROM messages
  WHERE tz_basis = 'export_local' AND sent_text IS NOT NULL
  GROUP BY exhibit_id, source_id
),
forms AS (
  SELECT w.exhibit_id, w.source_id, w.form, p.has_zeros
  FROM written AS w
  JOIN padded AS p ON p.exhibit_id = w.exhibit_id AND p.source_id = w.source_id
),
proved AS (
  SELECT exhibit_id, source_id, generation, min(locator) AS locator,
         max(day_first) AS day_first, max(month_first) AS month_first
  FROM date_votes WHERE kind = 'numbers'
  GROUP BY exhibit_id, source_id, generation
  HAVING max(day_first) = 0 OR max(month_first) = 0
),
opened AS (
  SELECT DISTINCT o.exhibit_id, o.source_id, s.generation
  FROM dates_open AS o
  JOIN sources AS s ON s.exhibit_id = o.exhibit_id AND s.source_id = o.source_id
),
alike AS (
  SELECT DISTINCT o.exhibit_id, o.source_id, p.source_id AS other_source_id, p.locator, p.day_first,
         p.month_first
  FROM opened AS o
  JOIN proved AS p ON p.exhibit_id = o.exhibit_id AND p.generation = o.generation
                  AND p.source_id <> o.source_id
  JOIN forms AS f ON f.exhibit_id = o.exhibit_id AND f.source_id = o.source_id
  JOIN forms AS g ON g.exhibit_id = p.exhibit_id AND g.source_id = p.source_id
                 AND g.form = f.form AND g.has_zeros = f.has_zeros
)
SELECT exhibit_id, source_id, min(other_source_id) AS other_source_id,
       min(locator) AS other_locator, CAST(NULL AS VARCHAR) AS event_id,
       count(*) FILTER (WHERE day_first > 0) AS day_first,
       count(*) FILTER (WHERE month_first > 0) AS month_first
FROM alike
GROUP BY exhibit_id, source_id
ORDER BY exhibit_id, source_id
