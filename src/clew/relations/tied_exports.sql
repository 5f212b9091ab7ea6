-- One row per conversation exported as text that is taken for a conversation of the databases.
SELECT export_chat, chat_id FROM export_chats WHERE tied
