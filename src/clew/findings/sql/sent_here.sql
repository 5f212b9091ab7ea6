-- Messages sent from a device whose holder it does not name, and who sent them as others show it
SELECT o.sender_account_id AS holder, o.exhibit_id, m.sender_account_id AS sender,
       count(DISTINCT o.message_key) AS messages
FROM messages AS o
JOIN messages AS m ON m.message_key = o.message_key AND m.exhibit_id <> o.exhibit_id
WHERE o.sender_account_id LIKE '%:owner:%' AND o.from_owner
  AND m.sender_account_id IS NOT NULL AND m.sender_account_id NOT LIKE '%:owner:%'
  AND m.kind <> 'system' AND o.kind <> 'system'
GROUP BY o.sender_account_id, o.exhibit_id, m.sender_account_id
ORDER BY holder, o.exhibit_id, sender
