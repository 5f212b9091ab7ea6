-- One row per person whom somebody judged, with the category that counts: the latest.
WITH newest AS (
  SELECT person_id, max(number) AS number FROM person_categories
  WHERE counts GROUP BY person_id
)
SELECT c.person_id, c.category, c.number AS judgement
FROM person_categories AS c JOIN newest AS n ON n.number = c.number
