-- Tables received
-- Which rows did each package of another agency bring?
SELECT origin, package_id, table_name, rows, sha256
FROM received_tables
ORDER BY package_id, table_name
