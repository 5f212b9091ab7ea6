-- One row per account that a device knows, with the type of its identifier.
SELECT account_id, min(id_type) AS id_type FROM accounts GROUP BY account_id
