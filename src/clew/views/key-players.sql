-- Key players
-- Which few persons would break the network most, or reach most of it?
SELECT set_kind, place, person_id, exhibits, gain, before, after, parts, reached, reason
FROM key_players
ORDER BY set_kind, place
