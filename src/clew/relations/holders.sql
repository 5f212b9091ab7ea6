-- One row per person and exhibit that is this person's device.
SELECT person_id, country, len(is_owner_of) AS devices, unnest(is_owner_of) AS exhibit_id
FROM persons
