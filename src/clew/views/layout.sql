-- Order of the network's drawings
-- Where does each person and group stand in the drawings, and why?
SELECT * FROM layout
ORDER BY kind, line, node_id
