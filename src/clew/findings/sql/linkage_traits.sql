-- What is known of every account that stands for one identifier (labels of exports and nameless
-- holders of devices left out): names, usernames, address-book entries, pictures, groups and when
WITH account AS (
  SELECT DISTINCT account_id FROM (
    SELECT account_id FROM accounts WHERE id_type <> 'service'
    UNION SELECT account_id FROM memberships
    UNION SELECT sender_account_id FROM messages WHERE sender_account_id IS NOT NULL
  ) AS named_anywhere
  WHERE account_id NOT IN (
    SELECT account_id FROM account_types WHERE id_type IN ('label', 'owner', 'name', 'service'))
),
known AS (
  SELECT account_id, min(platform) AS platform, min(e164) AS e164 FROM accounts GROUP BY account_id
),
named AS (
  SELECT account_id,
         sorted_set(CASE WHEN name_kind <> 'username' THEN name END) AS names,
         sorted_set(CASE WHEN name_kind = 'username' THEN name END) AS usernames
  FROM account_names GROUP BY account_id
),
entry AS (
  SELECT account_id, exhibit_id || ' ' || source_id AS book,
         exhibit_id || ' ' || source_id || ' ' || entry AS entry
  FROM contacts WHERE account_id IS NOT NULL AND entry IS NOT NULL
),
booked AS (
  SELECT account_id, sorted_set(book) AS books,
         sorted_set(entry) AS entries
  FROM entry GROUP BY account_id
),
-- profile pictures as messengers keep them on a phone, named by the account
picture AS (
  SELECT 'whatsapp:' || CASE WHEN path LIKE '%@lid%' THEN 'lid:' ELSE 'pn:' END
         || regexp_extract(path, '/(?:Avatars|Profile Pictures|Profile)/([1-9][0-9]{4,15})(?:@[a-z.]+|-[0-9]+)?\.[a-z]+$', 1) AS account_id,
         sha256
  FROM items
  WHERE sha256 IS NOT NULL
    AND regexp_matches(path, '/(?:Avatars|Profile Pictures|Profile)/[1-9][0-9]{4,15}(?:@[a-z.]+|-[0-9]+)?\.[a-z]+$')
),
pictured AS (
  SELECT account_id, sorted_set(sha256) AS pictures
  FROM picture GROUP BY account_id
),
come AS (
  SELECT chat_id, account_id, joined_at AS "at" FROM memberships WHERE joined_at IS NOT NULL
  UNION ALL
  SELECT chat_id, unnest(targets) AS account_id, "at" FROM group_events WHERE action = 'added'
  UNION ALL
  SELECT chat_id, coalesce(targets[1], actor), "at" FROM group_events WHERE action = 'joined_by_link'
),
gone AS (
  SELECT chat_id, account_id, ended_at AS "at" FROM memberships WHERE ended_at IS NOT NULL
  UNION ALL
  SELECT chat_id, unnest(targets) AS account_id, "at" FROM group_events WHERE action = 'removed'
  UNION ALL
  SELECT chat_id, coalesce(targets[1], actor), "at" FROM group_events WHERE action = 'left'
),
wrote AS (
  SELECT chat_id, sender_account_id AS account_id, min(sent_at) AS first, max(sent_at) AS last
  FROM messages WHERE kind <> 'system' AND sender_account_id IS NOT NULL AND sent_at IS NOT NULL
  GROUP BY chat_id, sender_account_id
),
ended AS (
  SELECT chat_id, max(sent_at) AS last FROM messages WHERE kind <> 'system' GROUP BY chat_id
),
stay AS (
  SELECT chat_id, account_id, min(joined) AS joined, max(ended) AS ended, min(seen) AS seen,
         max(last) AS last
  FROM (
    SELECT chat_id, account_id, NULL AS joined, NULL AS ended, NULL AS seen, NULL AS last
    FROM memberships
    UNION ALL SELECT chat_id, account_id, "at", NULL, NULL, NULL FROM come
    UNION ALL SELECT chat_id, account_id, NULL, "at", NULL, NULL FROM gone
    UNION ALL SELECT chat_id, account_id, NULL, NULL, first, last FROM wrote
  )
  WHERE chat_id IN (SELECT chat_id FROM chats WHERE chat_type <> 'direct')
     OR chat_id IN (SELECT chat_id FROM memberships)
  GROUP BY chat_id, account_id
),
stayed AS (
  SELECT s.account_id,
         ordered_list(struct_pack(
           chat := s.chat_id, joined := epoch_us(s.joined), ended := epoch_us(s.ended),
           seen := epoch_us(s.seen), last := epoch_us(s.last), closed := epoch_us(e.last)
         ), s.chat_id) AS stays
  FROM stay AS s LEFT JOIN ended AS e ON e.chat_id = s.chat_id
  GROUP BY s.account_id
)
SELECT a.account_id, k.platform, k.e164, n.names, n.usernames, b.books, b.entries, p.pictures, s.stays
FROM account AS a
LEFT JOIN known AS k ON k.account_id = a.account_id
LEFT JOIN named AS n ON n.account_id = a.account_id
LEFT JOIN booked AS b ON b.account_id = a.account_id
LEFT JOIN pictured AS p ON p.account_id = a.account_id
LEFT JOIN stayed AS s ON s.account_id = a.account_id
ORDER BY a.account_id
