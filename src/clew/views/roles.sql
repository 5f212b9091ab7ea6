-- What people do
-- Who organises, distributes, bridges or only watches, and on which figures does that rest?
--
-- of = ["behaviours"]
SELECT behaviour, rank, person_id, country, score, groups, contents, countries, watched, figures,
       persons
FROM behaviours
ORDER BY rank, behaviour, person_id
