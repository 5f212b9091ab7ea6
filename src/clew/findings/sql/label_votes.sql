-- Accounts that the messages of each label of an export have elsewhere, each with how many say so and
-- the first.
SELECT v.label_account_id AS label, v.account_id, count(DISTINCT v.event_id) AS votes,
       min(m.exhibit_id) AS exhibit_id, min_by(m.locator, v.event_id) AS locator
FROM export_votes AS v
JOIN tied_exports AS t ON t.export_chat = v.export_chat AND t.chat_id = v.chat_id
JOIN messages AS m ON m.event_id = v.event_id
WHERE v.counts AND v.label_account_id IS NOT NULL AND v.account_id IS NOT NULL
GROUP BY v.label_account_id, v.account_id
ORDER BY label, v.account_id
