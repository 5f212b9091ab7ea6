-- Every account of a person that any table names, with its names and the exhibits it is the holder's of
WITH seen AS (
  SELECT account_id FROM accounts
  UNION SELECT account_id FROM memberships
  UNION SELECT account_id FROM account_names
  UNION SELECT a FROM account_aliases
  UNION SELECT b FROM account_aliases
  UNION SELECT sender_account_id FROM messages WHERE sender_account_id IS NOT NULL
),
known AS (
  SELECT account_id, min(e164) AS e164,
         sorted_set(CASE WHEN is_owner THEN exhibit_id END) AS owner_of
  FROM accounts GROUP BY account_id
),
named AS (
  SELECT account_id, sorted_set(name) AS names
  FROM account_names GROUP BY account_id
)
SELECT s.account_id,
       coalesce(t.e164, CASE WHEN regexp_matches(s.account_id, '^[a-z]+:pn:[1-9][0-9]{4,14}$')
                             THEN '+' || split_part(s.account_id, ':', 3) END) AS e164,
       t.owner_of, n.names
FROM (
  SELECT account_id FROM seen
  EXCEPT SELECT account_id FROM accounts WHERE id_type = 'service'
) AS s
LEFT JOIN known AS t ON t.account_id = s.account_id
LEFT JOIN named AS n ON n.account_id = s.account_id
ORDER BY s.account_id
