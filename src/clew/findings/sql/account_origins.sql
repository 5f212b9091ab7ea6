-- One row per account and case whose exhibits show it; of the case's own the origin is empty.
SELECT DISTINCT account_id,
       CASE WHEN contains(exhibit_id, '~') THEN split_part(exhibit_id, '~', 1) ELSE '' END AS origin
FROM accounts
ORDER BY account_id, origin
