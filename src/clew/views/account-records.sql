-- Accounts as read
-- What does each source state about each account?
--
-- of = ["accounts"]
SELECT * FROM accounts
ORDER BY exhibit_id, source_id, account_id
