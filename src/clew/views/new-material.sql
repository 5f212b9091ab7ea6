-- Who brings in new material
-- Who is first known to have shared files that no set knows?
SELECT * FROM new_material
ORDER BY rank, person_id
