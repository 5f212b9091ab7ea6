-- Contradictions about memberships
-- About which memberships do devices contradict each other, and what does each say?
SELECT * FROM membership_conflicts
ORDER BY chat_id, person_id, number, kind, place, other_place, account_id
