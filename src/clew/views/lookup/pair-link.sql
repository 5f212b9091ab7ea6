-- The link of two accounts
-- Is there a link between two accounts, and how strong is it?
--
-- of = ["person_links"]
-- parameters = { a = "", b = "" }
SELECT * FROM person_links WHERE account_a = $a AND account_b = $b
ORDER BY account_a, account_b
