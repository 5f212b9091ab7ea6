-- Of some pairs of a look, turned in some way, and a fingerprint of a set within the radius
-- (near_looks): which looks are near which medium, and the nearest entry of it (known_frames), by one
-- number: the distance, then the look, then the entry. nearest_enough leaves out entries with too
-- little in them.
SELECT n.look, k.medium, n.way,
       min(CASE WHEN k.enough
           THEN (n.distance::BIGINT << 54) + (n.look::BIGINT << 27) + k.position END) AS nearest_enough,
       min((n.distance::BIGINT << 54) + (n.look::BIGINT << 27) + k.position) AS nearest
FROM near_looks AS n JOIN known_frames AS k ON k.known = n.known
GROUP BY n.look, k.medium, n.way
ORDER BY n.look, k.medium, n.way
