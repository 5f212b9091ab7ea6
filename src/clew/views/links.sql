-- Groups that share members
-- Which pairs of groups have members or files in common?
--
-- first = ["subject_a", "subject_b", "shared_members", "shared_files", "members_a", "members_b"]
-- of = ["group_links"]
-- [columns]
-- subject_a = "GroupName"
-- subject_b = "GroupName"
SELECT l.*, a.subject AS subject_a, b.subject AS subject_b
FROM group_links AS l
JOIN groups AS a ON a.chat_id = l.chat_a
JOIN groups AS b ON b.chat_id = l.chat_b
ORDER BY containment DESC, shared_members DESC, chat_a, chat_b
