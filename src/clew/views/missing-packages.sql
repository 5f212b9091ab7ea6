-- Missing packages
-- Which kinds of files could not be read because a package is missing?
SELECT exhibit_id, reason FROM unread WHERE code LIKE 'needs:%'
ORDER BY exhibit_id, reason
