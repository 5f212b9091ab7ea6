-- Figures of each conversation that goes, by the name that its source has for it
-- Tables in memory: sent_chats.
SELECT s.chat_id, g.platform, g.chat_type, g.members, g.shares, g.known_shares
FROM sent_chats AS s
JOIN group_ids AS i ON i.chat_id = s.chat_id
JOIN groups AS g ON g.chat_id = i.group_id
ORDER BY s.chat_id
