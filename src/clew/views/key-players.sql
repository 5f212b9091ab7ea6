-- Whom to ask about next
-- Without whom would the network fall apart, and who together reach most of it? Who changes fragmentation
-- by less than 0.05, or reach by less than 0.01, is left out: nobody is there where nobody matters so.
--
-- parameters = { fragmentation = 0.05, reach = 0.01 }
SELECT set_kind, rank, person_id, exhibits, gain, before, after, others, parts, largest_part,
       reached, groups, candidates, error
FROM key_players
WHERE gain >= CASE set_kind WHEN 'reaches' THEN $reach ELSE $fragmentation END
ORDER BY set_kind, rank
