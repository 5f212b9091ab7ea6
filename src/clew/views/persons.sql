-- Persons
-- Who is there, and how connected and active is each person in groups? Names that could not be tied to
-- anybody are in the list of names.
--
-- first = [
--   "person_id", "names", "country", "groups", "connected_to", "messages", "shares",
--   "known_shares", "first_shares", "exhibits"
-- ]
-- of = ["persons", "roles"]
SELECT p.person_id, coalesce(r.country, p.country) AS country, r.groups, r.admin_of,
       r.connected_to, r.messages, r.shares, r.known_shares, r.first_shares,
       coalesce(r.exhibits, p.is_owner_of) AS exhibits, p.accounts, p.names
FROM persons AS p LEFT JOIN roles AS r ON r.person_id = p.person_id
WHERE NOT p.named_only
ORDER BY connected_to DESC NULLS LAST, groups DESC NULLS LAST, person_id
