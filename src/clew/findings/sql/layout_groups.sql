-- Groups that are drawn, the largest first.
SELECT chat_id AS id, members FROM groups ORDER BY members DESC, chat_id LIMIT $most
