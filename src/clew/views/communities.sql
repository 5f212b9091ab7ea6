-- Communities of groups
-- Which groups belong together, and how many persons tie them?
SELECT * FROM communities
ORDER BY period, community_id
