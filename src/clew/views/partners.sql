-- Partners
-- Which agencies are registered, with which keys, and how were they checked?
--
-- first = ["partner_id", "partner_name", "country", "valid_until", "number", "checked_how"]
SELECT p.partner_id, p.partner_name, p.country, p.partner_kind, p.valid_from, p.valid_until,
       p.checked_how, p.judged_by, p.verifier, p.age_recipient, p.certificate_sha256, p.openpgp,
       p.number
FROM partners AS p
WHERE p.counts AND NOT EXISTS (SELECT 1 FROM partners AS l
                               WHERE l.partner_id = p.partner_id AND l.counts
                                 AND l.number > p.number)
ORDER BY partner_id
