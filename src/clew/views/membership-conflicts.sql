-- Contradictions about memberships
-- About which memberships do devices contradict each other, and what does each say?
--
-- [columns]
-- says = "Term"
-- other_says = "Term"
-- other_at = "datetime"
-- other_how = "Term"
-- other_by_person = "Id[Person]"
SELECT c.*, one.kind AS says, one."at", one.how, one.by_person, other.kind AS other_says,
       other."at" AS other_at, other.how AS other_how, other.by_person AS other_by_person
FROM membership_conflicts AS c
JOIN period_statements AS one ON one.chat_id = c.chat_id AND one.person_id = c.person_id
  AND one.statement = c.statement
JOIN period_statements AS other ON other.chat_id = c.chat_id AND other.person_id = c.person_id
  AND other.statement = c.other_statement
ORDER BY chat_id, person_id, number, kind, location, other_location, account_id
