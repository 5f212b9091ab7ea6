-- Every account of a person that any table names, with its names and the exhibits it is the holder's of
WITH seen AS (
  SELECT account_id FROM accounts
  UNION SELECT account_id FROM memberships
  UNION SELECT account_id FROM account_names
  UNION SELECT a FROM account_aliases
  UNION SELECT b FROM account_aliases
  UNION SELECT sender_account_id FROM messages WHERE sender_account_id IS NOT NULL
),
told AS (
  SELECT account_id, min(e164) AS e164,
         array_agg(DISTINCT exhibit_id ORDER BY exhibit_id) FILTER (WHERE is_owner) AS owner_of
  FROM accounts GROUP BY account_id
),
named AS (
  SELECT account_id, array_agg(DISTINCT name ORDER BY name) AS names
  FROM account_names GROUP BY account_id
)
SELECT s.account_id,
       coalesce(t.e164, CASE WHEN regexp_matches(s.account_id, '^[a-z]+:pn:[1-9][0-9]{4,14}$')
                             THEN '+' || regexp_replace(s.account_id, '^.*:', '') END) AS e164,
       t.owner_of, n.names
FROM (
  SELECT account_id FROM seen
  EXCEPT SELECT account_id FROM accounts WHERE id_type = 'service'
) AS s
LEFT JOIN told AS t ON t.account_id = s.account_id
LEFT JOIN named AS n ON n.account_id = s.account_id
ORDER BY s.account_id
