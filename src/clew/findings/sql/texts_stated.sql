-- Every name and status line of an account.
WITH stated AS (SELECT name AS text FROM account_names UNION ALL SELECT about FROM accounts)
SELECT DISTINCT text FROM stated WHERE text IS NOT NULL ORDER BY text
