-- Measures of persons in the network
-- How central is each person in the network, and how exact is that?
--
-- of = ["person_measures"]
SELECT * FROM person_measures
ORDER BY betweenness DESC, person_id
