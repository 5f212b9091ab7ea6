-- One row per conversation, with the platform that it is on.
SELECT chat_id, min(platform) AS platform FROM chats GROUP BY chat_id
