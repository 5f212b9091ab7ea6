-- Stays in groups
-- When were these persons in these groups, and how did each come and go?
--
-- parameters = { persons = [""], groups = [""] }
-- [columns]
-- role = "Term"
SELECT m.chat_id, m.person_id, m.role, m.state, m.joined_at, m.ended_at, s.number, s.from_at,
       s.from_bound, s.until_at, s.until_bound, s.is_local, s.joined_how, s.joined_by,
       s.ended_how, s.ended_by
FROM group_members AS m
LEFT JOIN membership_periods AS s ON s.chat_id = m.chat_id AND s.person_id = m.person_id
WHERE list_contains($persons, m.person_id) OR list_contains($groups, m.chat_id)
ORDER BY chat_id, person_id, number NULLS FIRST
