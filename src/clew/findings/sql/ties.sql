-- Pairs of accounts that sources themselves tie together, each with the first row that says so
WITH numbered AS (
  SELECT DISTINCT account_id, e164, exhibit_id, source_id, locator FROM accounts
  WHERE e164 IS NOT NULL AND id_type NOT IN ('label', 'owner', 'service')
),
shown AS (
  SELECT DISTINCT account_id, e164, exhibit_id, source_id, locator FROM accounts
  WHERE e164 IS NOT NULL AND id_type = 'label'
),
owner AS (
  SELECT a.own_account_id AS account_id, a.exhibit_id, x.holder_ref, x.search_id
  FROM own_accounts AS a JOIN exhibits AS x ON x.exhibit_id = a.exhibit_id
  WHERE x.holder_ref IS NOT NULL
),
stated AS (
  SELECT coalesce(o.own_account_id, s.a) AS a,
         coalesce(p.own_account_id, r.later_account_id, s.b) AS b, s.relation, s.exhibit_id,
         s.source_id, s.locator
  FROM account_aliases AS s
  -- what a device says of its own account is of the account as its holder has it
  LEFT JOIN own_accounts AS o ON o.exhibit_id = s.exhibit_id AND o.account_id = s.a
                             AND s.relation <> 'number_changed'
  LEFT JOIN own_accounts AS p ON p.exhibit_id = s.exhibit_id AND p.account_id = s.b
                             AND s.relation <> 'number_changed'
  LEFT JOIN numbers_given_again AS r ON r.account_id = s.b AND s.relation = 'number_changed'
                                    AND s."at" >= r.again_from
  WHERE s.relation IN ('lid_of', 'number_changed', 'same_row', 'same_device')
  UNION ALL
  -- two messengers' accounts registered with one phone number
  SELECT n.account_id, m.account_id, 'same_number', n.exhibit_id, n.source_id, n.locator
  FROM numbered AS n
  JOIN numbered AS m ON m.e164 = n.e164 AND m.account_id > n.account_id
  UNION ALL
  -- a text export that shows a sender by the number, which nobody else had before
  SELECT n.account_id, m.account_id, 'shown_number', m.exhibit_id, m.source_id, m.locator
  FROM (SELECT * FROM numbered UNION ALL SELECT * FROM shown) AS n
  JOIN shown AS m ON m.e164 = n.e164 AND m.account_id <> n.account_id
  LEFT JOIN numbers_given_again AS r ON r.account_id = n.account_id
  WHERE r.account_id IS NULL
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
