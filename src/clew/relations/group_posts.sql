-- One row per message of a group, merged from all its copies, with the person who sent it.
SELECT s.merged_id, s.chat_id, s.person_id, s.sent_at, s.kind
FROM sender AS s JOIN group_ids AS g ON g.chat_id = s.chat_id
