-- Everything that says to which country a person belongs; of several alike, the first, and how many
-- Tables in memory: noted_countries, number_countries, text_countries.
WITH accounts_of AS (
  SELECT p.person_id, a.account_id, a.exhibit_id, a.source_id, a.locator, a.about, a.e164
  FROM account_numbers AS a JOIN person_accounts AS p ON p.account_id = a.account_id
),
devices AS (
  SELECT o.person_id, e.country, 'device' AS basis, 0.9 AS confidence, e.exhibit_id,
         NULL AS source_id, NULL AS locator,
         'holder' AS reason
  FROM holders AS o
  JOIN exhibits AS e ON e.exhibit_id = o.exhibit_id
),
numbers AS (
  SELECT a.person_id, n.country, 'number_prefix' AS basis,
         CASE WHEN n.assigned THEN 0.4 ELSE 0.3 END AS confidence,
         a.exhibit_id, a.source_id, a.locator,
         CASE WHEN n.assigned THEN 'assigned_number' ELSE 'unassigned_number' END AS reason
  FROM accounts_of AS a JOIN number_countries AS n ON n.e164 = a.e164
),
own_words AS (
  SELECT p.person_id, t.country, 'stated' AS basis, 0.5 AS confidence,
         n.exhibit_id, n.source_id, n.locator,
         'own_name_' || t.word AS reason
  FROM account_names AS n
  JOIN person_accounts AS p ON p.account_id = n.account_id
  JOIN text_countries AS t ON t.text = n.name
  WHERE n.name_kind IN ('push', 'profile')
  UNION ALL
  SELECT a.person_id, t.country, 'stated', 0.5, a.exhibit_id, a.source_id, a.locator,
         'own_status_' || t.word
  FROM accounts_of AS a JOIN text_countries AS t ON t.text = a.about
),
address_books AS (
  SELECT p.person_id, t.country, 'contact' AS basis, 0.25 AS confidence,
         n.exhibit_id, n.source_id, n.locator,
         'given_name_' || t.word AS reason
  FROM account_names AS n
  JOIN person_accounts AS p ON p.account_id = n.account_id
  JOIN text_countries AS t ON t.text = n.name
  WHERE n.name_kind NOT IN ('push', 'profile')
),
second_numbers AS (
  SELECT p.person_id, n.country, 'contact' AS basis, 0.25 AS confidence,
         c.exhibit_id, c.source_id, c.locator,
         'second_number' AS reason
  FROM (SELECT *, unnest(phones) AS phone FROM contacts WHERE account_id IS NOT NULL) AS c
  JOIN person_accounts AS p ON p.account_id = c.account_id
  JOIN number_countries AS n ON n.e164 = regexp_replace(c.phone, '[^0-9+]', '', 'g')
  ANTI JOIN accounts_of AS own
    ON own.person_id = p.person_id AND own.e164 = regexp_replace(c.phone, '[^0-9+]', '', 'g')
),
notes AS (
  SELECT a.person_id, n.country, 'contact' AS basis, 0.25 AS confidence,
         n.exhibit_id, n.source_id, n.locator,
         'note_' || n.word AS reason
  FROM noted_countries AS n
  JOIN (SELECT DISTINCT person_id, e164 FROM accounts_of) AS a ON a.e164 = n.e164
),
found AS (
  SELECT * FROM devices UNION ALL SELECT * FROM numbers UNION ALL SELECT * FROM own_words
  UNION ALL SELECT * FROM address_books UNION ALL SELECT * FROM second_numbers
  UNION ALL SELECT * FROM notes
),
ranked AS (
  SELECT *, count(*) OVER (PARTITION BY person_id, country, basis, reason) AS seen,
         row_number() OVER (PARTITION BY person_id, country, basis, reason
                            ORDER BY exhibit_id, source_id, locator) AS rank
  FROM found
)
SELECT person_id, country, basis, CAST(confidence AS DOUBLE) AS confidence,
       CASE WHEN confidence >= 0.8 THEN 'strong' WHEN confidence >= 0.5 THEN 'fair'
            WHEN confidence >= 0.3 THEN 'weak' ELSE 'very_weak' END AS confidence_words,
       seen, exhibit_id, source_id, locator, reason
FROM ranked WHERE rank = 1
ORDER BY person_id, confidence DESC, country, basis, reason, exhibit_id
