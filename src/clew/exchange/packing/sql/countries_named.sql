-- What says the country of whoever is named
-- Tables in memory: named_persons.
SELECT e.person_id, e.country, e.basis, e.confidence, e.exhibit_id, e.source_id, e.locator
FROM country_evidence AS e JOIN named_persons AS n ON n.person_id = e.person_id
ORDER BY e.person_id, e.confidence DESC, e.country, e.basis, e.exhibit_id, e.source_id, e.locator
