-- Accounts that the exhibits of one country show and those of no other do
WITH seen AS (
  SELECT account_id, exhibit_id FROM accounts
  UNION SELECT account_id, exhibit_id FROM memberships
)
SELECT s.account_id
FROM seen AS s JOIN exhibits AS x ON x.exhibit_id = s.exhibit_id
GROUP BY s.account_id
HAVING count(*) FILTER (WHERE x.country IS DISTINCT FROM $country) = 0
ORDER BY s.account_id
