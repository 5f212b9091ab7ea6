-- One row per group, whichever sources know it.
SELECT DISTINCT chat_id FROM group_chats
