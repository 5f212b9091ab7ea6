-- What ties persons to countries
-- What says that a person belongs to a country, and how far does it carry?
SELECT * FROM country_evidence
ORDER BY person_id, confidence DESC, country, basis, exhibit_id, source_id, locator
