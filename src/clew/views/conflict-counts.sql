-- Contradictions by kind
-- How many contradictions between devices are there, of which kind?
--
-- [columns]
-- about = "Term"
-- rows = "int"
-- of = "int"
SELECT 'message' AS about, kind, count(*) AS rows, count(DISTINCT merged_id) AS of
FROM message_conflicts GROUP BY kind
UNION ALL
SELECT 'membership', kind, count(*), count(DISTINCT concat(chat_id, ' ', person_id))
FROM membership_conflicts GROUP BY kind
ORDER BY about, kind
