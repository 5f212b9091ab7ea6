-- Changes of communities
-- Which communities grew, split, merged or ended from one period to the next?
SELECT * FROM community_events
ORDER BY period, before, after, change
