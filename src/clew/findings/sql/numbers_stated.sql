-- Every phone number that any account or address book has.
WITH stated AS (
  SELECT e164 FROM account_numbers
  UNION ALL SELECT regexp_replace(unnest(phones), '[^0-9+]', '', 'g') FROM contacts
)
SELECT DISTINCT e164 FROM stated
WHERE regexp_matches(e164, '^\+[1-9][0-9]{4,14}$') ORDER BY e164
