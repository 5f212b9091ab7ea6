-- Text exports and their groups
-- Of which group is each text export, and how many messages say so?
--
-- of = ["export_chats"]
-- first = ["export_chat", "tied", "chat_id", "votes", "others", "messages"]
--
-- [columns]
-- subject = "GroupName"
-- chat_id = "Id[Chat]"
-- messages = "int"
WITH exported AS (
  SELECT export_chat, count(*) AS messages FROM exported_messages GROUP BY export_chat
)
SELECT e.export_chat, s.subject, coalesce(c.tied, FALSE) AS tied, c.chat_id,
       coalesce(c.votes, 0) AS votes, coalesce(c.others, 0) AS others, e.messages, c.judgement
FROM exported AS e
LEFT JOIN export_chats AS c ON c.export_chat = e.export_chat
LEFT JOIN chat_subjects AS s ON s.chat_id = e.export_chat
ORDER BY tied, messages DESC, export_chat
