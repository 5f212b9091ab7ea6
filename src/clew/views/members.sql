-- Members of groups
-- Who is or was in which group, in what role, and what shows it?
--
-- first = ["subject", "person_id", "role", "country", "joined_at", "ended_at", "messages"]
-- of = ["group_members"]
SELECT g.subject, m.*
FROM group_members AS m JOIN groups AS g ON g.chat_id = m.chat_id
ORDER BY chat_id, person_id
