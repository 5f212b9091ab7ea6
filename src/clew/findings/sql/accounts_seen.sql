-- Every account of a person that any table names, with its names and the exhibits it is the holder's of
WITH seen AS (
  SELECT account_id FROM accounts
  UNION SELECT account_id FROM memberships
  UNION SELECT account_id FROM account_names
  UNION SELECT a FROM account_aliases
  UNION SELECT b FROM account_aliases
  UNION SELECT sender_account_id FROM messages WHERE sender_account_id IS NOT NULL
  UNION SELECT later_account_id FROM numbers_given_again
),
known AS (
  SELECT account_id, min(e164) AS e164, min(id_type) AS id_type FROM accounts GROUP BY account_id
),
owned AS (
  SELECT own_account_id AS account_id, sorted_set(exhibit_id) AS owner_of
  FROM own_accounts GROUP BY own_account_id
),
named AS (
  SELECT account_id, sorted_set(name) AS names, bool_or(name_kind = 'profile') AS in_profile
  FROM account_names GROUP BY account_id
)
SELECT s.account_id,
       coalesce(t.e164, CASE WHEN regexp_matches(s.account_id, '^[a-z]+:pn:[1-9][0-9]{4,14}(#.*)?$')
                             THEN '+' || regexp_extract(s.account_id, '[0-9]+') END) AS e164,
       o.owner_of, n.names,
       coalesce(t.id_type = 'label' AND t.e164 IS NULL AND NOT coalesce(n.in_profile, FALSE), FALSE)
         AS named_only
FROM (
  SELECT account_id FROM seen
  EXCEPT SELECT account_id FROM accounts WHERE id_type = 'service'
) AS s
LEFT JOIN known AS t ON t.account_id = s.account_id
LEFT JOIN owned AS o ON o.account_id = s.account_id
LEFT JOIN named AS n ON n.account_id = s.account_id
ORDER BY s.account_id
