-- Each number of some persons, with each month in which it sent a message; without one, no month
WITH numbers AS (
  SELECT account_id, e164 FROM account_numbers WHERE e164 IS NOT NULL
  UNION SELECT account_id, '+' || split_part(account_id, ':', 3) FROM person_accounts
  WHERE regexp_matches(account_id, '^[a-z]+:pn:[1-9][0-9]{4,14}$')
),
sent AS (
  SELECT DISTINCT sender_account_id AS account_id,
         date_trunc('month', timezone('UTC', sent_at)) AS month_start,
         date_trunc('month', sent_at) AS at
  FROM timed_events WHERE sender_account_id IS NOT NULL
)
SELECT DISTINCT p.person_id, n.e164, p.inferred, year(s.month_start) AS in_year, month(s.month_start) AS in_month
FROM account_person AS p
JOIN numbers AS n ON n.account_id = p.account_id
LEFT JOIN sent AS s ON s.account_id = p.account_id AND s.at BETWEEN p.since AND p.until
WHERE list_contains($persons, p.person_id)
ORDER BY p.person_id, n.e164, in_year, in_month
