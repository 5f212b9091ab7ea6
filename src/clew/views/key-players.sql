-- Key players
-- Which few persons would break the network most, or reach most of it?
SELECT set_kind, place, person_id, exhibits, gain, before, after, others, parts, largest_part,
       reached, groups, candidates, error
FROM key_players
ORDER BY set_kind, place
