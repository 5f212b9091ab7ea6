-- Counts of the timeline
-- How many lines does the timeline have, and on which clocks do they rest?
--
-- [columns]
-- lines = "int"
-- weighty = "int"
-- corrected = "int"
-- uncorrected = "int"
-- assumed = "int"
-- untimed = "int"
WITH untimed AS (
  SELECT count(*) AS untimed FROM messages
  WHERE sent_at IS NULL AND try_cast(sent_local AS TIMESTAMP) IS NULL
),
counted AS (
  SELECT count(*) AS lines, count(*) FILTER (WHERE weight >= 2) AS weighty,
         count(*) FILTER (WHERE corrected) AS corrected,
         count(*) FILTER (WHERE basis = 'device_uncorrected') AS uncorrected,
         count(*) FILTER (WHERE basis IN ('local', 'stated_zone')) AS assumed
  FROM timeline
)
SELECT lines, weighty, corrected, uncorrected, assumed, untimed
FROM counted CROSS JOIN untimed
ORDER BY lines
