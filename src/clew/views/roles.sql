-- What people do
-- Who organises, distributes, bridges or only watches, and on which figures does that rest?
--
-- of = ["behaviours"]
SELECT behaviour, place, person_id, country, score, groups, contents, countries, watched, figures,
       persons
FROM behaviours
ORDER BY place, behaviour, person_id
