-- Text exports
-- Which text exports, of those whose dates could be read in two orders, does this name?
--
-- parameters = { source = "" }
SELECT DISTINCT o.source_id
FROM source_date_orders AS o
JOIN items AS i ON i.sha256 = o.source_id
WHERE starts_with(o.source_id, $source) OR i.item_id = $source OR i.path = $source
   OR ends_with(i.path, '/' || $source)
ORDER BY source_id
