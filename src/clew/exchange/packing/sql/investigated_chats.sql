-- One row per conversation, as a source calls it, that is a group under investigation
SELECT DISTINCT g.chat_id, g.group_id
FROM group_ids AS g JOIN investigated_groups AS i ON i.chat_id = g.group_id
