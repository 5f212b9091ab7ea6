-- Who is in which group, and whether they sent anything there.
SELECT person_id, chat_id, messages + shares > 0 AS sent FROM group_members
ORDER BY person_id, chat_id
