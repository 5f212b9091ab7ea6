-- Groups that follow one another
-- Which group takes up where another ended, or is kept beside it?
--
-- first = ["subject_earlier", "subject_later", "event", "shared_members", "gap_days", "lift"]
-- of = ["group_lineage"]
-- [columns]
-- subject_earlier = "GroupName"
-- subject_later = "GroupName"
SELECT l.*, a.subject AS subject_earlier, b.subject AS subject_later
FROM group_lineage AS l
LEFT JOIN groups AS a ON a.chat_id = l.earlier
LEFT JOIN groups AS b ON b.chat_id = l.later
ORDER BY best DESC, kind DESC, containment DESC, earlier, later
