-- One row per group as its sources call it, with the group that it is.
SELECT DISTINCT source_chat_id AS chat_id, chat_id AS group_id FROM group_chats
