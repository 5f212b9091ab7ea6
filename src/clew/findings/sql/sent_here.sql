-- Messages sent from a device, and the sender that others give them: where the device does not name
-- its holder, or others show the holder under a hidden id, both are one person's. Only long random
-- ids count (16 characters and more): old short ones collide.
SELECT coalesce(w.own_account_id, o.sender_account_id) AS holder, o.exhibit_id,
       coalesce(r.later_account_id, m.sender_account_id) AS sender,
       n.account_id IS NOT NULL AS nameless, count(DISTINCT o.message_key) AS messages
FROM messages AS o
JOIN messages AS m ON m.message_key = o.message_key AND m.exhibit_id <> o.exhibit_id
LEFT JOIN own_accounts AS w ON w.exhibit_id = o.exhibit_id AND w.account_id = o.sender_account_id
LEFT JOIN numbers_given_again AS r ON r.account_id = m.sender_account_id
                                  AND m.sent_at >= r.again_from
LEFT JOIN nameless_owners AS n ON n.account_id = o.sender_account_id
LEFT JOIN nameless_owners AS k ON k.account_id = m.sender_account_id
WHERE o.from_owner AND o.sender_account_id IS NOT NULL
  AND NOT coalesce(m.from_owner, FALSE)
  AND m.sender_account_id IS NOT NULL AND k.account_id IS NULL
  AND m.sender_account_id <> o.sender_account_id
  AND m.kind <> 'system' AND o.kind <> 'system'
  AND (n.account_id IS NOT NULL OR length(regexp_extract(o.message_key, '[^|/:]*$')) >= 16)
GROUP BY coalesce(w.own_account_id, o.sender_account_id), o.exhibit_id,
         coalesce(r.later_account_id, m.sender_account_id), n.account_id
ORDER BY holder, o.exhibit_id, sender
