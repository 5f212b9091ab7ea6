-- Accounts
-- Which accounts are there, whose is each, why, and under which names is it known?
--
-- first = ["account_id", "person_id", "names", "rule", "exhibit_id", "messages"]
-- of = ["person_accounts"]
-- [columns]
-- names = "tuple[PersonName, ...]"
WITH named AS (
  SELECT account_id, list_sort(array_agg(DISTINCT name)) AS names
  FROM account_names GROUP BY account_id
)
SELECT p.account_id, p.person_id, p.rule, p.exhibit_id, p.locator,
       p.messages, p.judgement, p.bits, n.names
FROM person_accounts AS p LEFT JOIN named AS n ON n.account_id = p.account_id
ORDER BY account_id
