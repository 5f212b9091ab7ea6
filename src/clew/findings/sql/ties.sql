-- Pairs of accounts that sources themselves tie together, each with the first row that says so
WITH numbered AS (
  SELECT DISTINCT account_id, e164, exhibit_id, source_id, locator FROM accounts
  WHERE e164 IS NOT NULL AND id_type NOT IN ('label', 'owner', 'service')
),
owner AS (
  SELECT DISTINCT a.account_id, a.exhibit_id, x.holder_ref, x.search_id
  FROM accounts AS a JOIN exhibits AS x ON x.exhibit_id = a.exhibit_id
  WHERE a.is_owner AND x.holder_ref IS NOT NULL
),
stated AS (
  SELECT a, b, relation, exhibit_id, source_id, locator FROM account_aliases
  WHERE relation IN ('lid_of', 'number_changed', 'same_row', 'same_device')
  UNION ALL
  -- two messengers' accounts registered with one phone number
  SELECT n.account_id, m.account_id, 'same_number', n.exhibit_id, n.source_id, n.locator
  FROM numbered AS n
  JOIN numbered AS m ON m.e164 = n.e164 AND m.account_id > n.account_id
  UNION ALL
  -- holders of devices that the searches' records give to one person
  SELECT o.account_id, p.account_id, 'same_holder', p.exhibit_id, '', p.holder_ref
  FROM owner AS o
  JOIN owner AS p ON p.holder_ref = o.holder_ref AND p.search_id IS NOT DISTINCT FROM o.search_id
    AND p.account_id > o.account_id
)
SELECT a, b, relation, min_by(exhibit_id, exhibit_id || ' ' || source_id || ' ' || locator)
       AS exhibit_id,
       min_by(locator, exhibit_id || ' ' || source_id || ' ' || locator) AS locator
FROM stated
GROUP BY a, b, relation
ORDER BY relation, a, b
