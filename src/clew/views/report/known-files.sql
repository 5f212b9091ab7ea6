-- Known files
-- Which files does a known set have, in which category, and on which devices do they lie?
--
-- [columns]
-- categories = "tuple[Term, ...]"
-- sets = "tuple[Term, ...]"
-- files = "int"
-- exhibits = "tuple[Id[Exhibit], ...]"
SELECT sha256, list_sort(array_agg(DISTINCT category)) AS categories,
       list_sort(array_agg(DISTINCT "set" || ' ' || version)) AS sets,
       count(DISTINCT item_id) AS files,
       coalesce(list_sort(array_agg(DISTINCT exhibit_id) FILTER (WHERE file_present)),
                CAST([] AS VARCHAR[])) AS exhibits
FROM matches WHERE kind = 'known' AND tier = 'exact' AND sha256 IS NOT NULL
GROUP BY sha256
ORDER BY sha256
