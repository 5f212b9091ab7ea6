-- What ties a person's accounts
-- What ties each account of this person to the others?
--
-- of = ["person_accounts"]
-- parameters = { id = "" }
SELECT account_id, rule, score, tied_to, exhibit_id, locator, messages, judgement, bits
FROM person_accounts WHERE person_id = $id
ORDER BY rule <> 'itself', account_id
