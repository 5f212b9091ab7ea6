-- The tie of two accounts
-- What ties two accounts to one person?
--
-- of = ["person_accounts"]
-- parameters = { a = "", b = "" }
SELECT account_id, rule, score, tied_to, exhibit_id, locator, messages, judgement, bits
FROM person_accounts
WHERE (account_id = $a AND tied_to = $b) OR (account_id = $b AND tied_to = $a)
ORDER BY account_id
