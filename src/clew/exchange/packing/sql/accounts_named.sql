-- What ties each account to somebody who is named; an inference alone ties none
-- Tables in memory: named_persons.
SELECT a.person_id, a.account_id, a.rule, a.judgement, a.exhibit_id, a.locator
FROM person_accounts AS a JOIN named_persons AS n ON n.person_id = a.person_id
WHERE NOT a.inferred
ORDER BY a.person_id, a.account_id
