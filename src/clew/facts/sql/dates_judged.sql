-- Judgements on the order of dates that count: of one export the latest.
SELECT * FROM date_judgements AS j
WHERE j.counts AND j.source_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM date_judgements AS l
                  WHERE l.counts AND l.source_id = j.source_id AND l.number > j.number)
ORDER BY j.number
