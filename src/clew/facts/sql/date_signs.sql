-- What each text export says of the order of its dates, kind by kind.
SELECT source_id, min(exhibit_id) AS exhibit_id, min(item_id) AS item_id, generation, kind, weight,
       max(day_first) AS day_first, max(month_first) AS month_first, max(year_first) AS year_first
FROM date_votes
GROUP BY source_id, generation, kind, weight
ORDER BY source_id, generation, kind, weight
