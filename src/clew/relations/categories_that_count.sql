-- One row per category of a content that counts: of each country's scheme the latest, unless it was
-- taken back since. A judgement without a scheme takes back all that were given before.
SELECT c.* FROM file_categories AS c
WHERE c.counts AND c.code IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM file_categories AS l
  WHERE l.counts AND l.sha256 = c.sha256 AND l.number > c.number
    AND (l.scheme IS NULL
         OR (upper(l.scheme) = upper(c.scheme) AND upper(l.country) = upper(c.country)))
)
