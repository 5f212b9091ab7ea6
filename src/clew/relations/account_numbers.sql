-- One row per account as a device knows it, with its phone number where it has one or is one.
SELECT account_id, exhibit_id, source_id, locator, about,
       coalesce(e164, CASE WHEN regexp_matches(account_id, '^[a-z]+:pn:[1-9][0-9]{4,14}$')
                           THEN '+' || split_part(account_id, ':', 3) END) AS e164
FROM accounts
