-- Missing packages
-- Which kinds of files could not be read because a package is missing?
SELECT exhibit_id, code, figures FROM unread WHERE starts_with(code, 'needs:')
ORDER BY exhibit_id, code, figures
