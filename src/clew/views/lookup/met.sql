-- Persons met in groups
-- With whom was this person in groups, and in how many?
--
-- parameters = { person_id = "" }
-- [columns]
-- in_common = "int"
-- titles = "tuple[GroupName, ...]"
SELECT o.person_id, o.country, count(*) AS in_common, sorted_set(g.subject) AS titles
FROM group_members AS m
JOIN group_members AS o ON o.chat_id = m.chat_id AND o.person_id <> m.person_id
LEFT JOIN groups AS g ON g.chat_id = m.chat_id
WHERE m.person_id = $person_id
GROUP BY o.person_id, o.country
ORDER BY in_common DESC, person_id
