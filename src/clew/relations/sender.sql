-- One row per message, merged from all its copies, with the person who sent it.
SELECT m.*, coalesce(p.person_id, m.sender_account_id) AS person_id
FROM merged_messages AS m
LEFT JOIN account_person AS p ON p.account_id = m.sender_account_id
                             AND coalesce(m.sent_at, p.untimed) BETWEEN p.since AND p.until
