-- Each person in each group, as each exhibit shows it, from when to when.
SELECT p.person_id, coalesce(t.chat_id, m.chat_id) AS chat_id, m.exhibit_id, epoch_us(min(m.joined_at)) AS joined_us,
       CASE WHEN max(CASE WHEN m.ended_at IS NULL THEN 1 ELSE 0 END) = 0
            THEN epoch_us(max(m.ended_at)) END AS ended_us
FROM memberships AS m
LEFT JOIN tied_exports AS t ON t.export_chat = m.chat_id
JOIN account_person AS p ON p.account_id = m.account_id
 AND coalesce(m.joined_at, m.ended_at, p.untimed) BETWEEN p.since AND p.until
GROUP BY p.person_id, coalesce(t.chat_id, m.chat_id), m.exhibit_id
ORDER BY p.person_id, chat_id, m.exhibit_id
