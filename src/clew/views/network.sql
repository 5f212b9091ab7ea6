-- Lines of the network
-- What ties persons, accounts and groups together, since when, and is it proved?
--
-- first = ["kind", "from_id", "to_id", "proved", "weight", "since", "until"]
-- of = ["network_links"]
-- times = ["since", "until"]
SELECT * FROM network_links
ORDER BY kind, from_id, to_id
