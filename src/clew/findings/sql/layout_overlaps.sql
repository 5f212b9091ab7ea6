-- Groups that share members.
SELECT chat_a, chat_b, shared_members FROM group_links ORDER BY chat_a, chat_b
