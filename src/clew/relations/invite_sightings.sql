-- One row per invitation and posting in which a source shows it: a message that several devices kept is
-- one posting. What stands in deleted messages and rows is a posting of its own, marked, and merged with
-- nothing; an older copy of a message that is there with the same link is none. A record that a
-- messenger keeps of its own group's link says where it leads; it is no posting.
WITH files AS (
  SELECT s.exhibit_id, s.source_id, min(i.path) AS path, min(i.item_id) AS item_id
  FROM sources AS s JOIN items AS i ON i.item_id = s.item_id
  GROUP BY s.exhibit_id, s.source_id
),
found AS (
  SELECT exhibit_id, source_id, locator, code, platform, kind, url, written, invites_to_chat_id,
         group_name_stated, event_id, seen_chat_id, seen_account_id, seen_at, seen_local, found_in,
         'live' AS state
  FROM invites
  UNION ALL
  SELECT r.exhibit_id, r.source_id, r.locator, r.code, r.platform, r.kind, r.url,
         r.written, r.invites_to_chat_id, r.group_name_stated, r.event_id,
         r.seen_chat_id, r.seen_account_id, r.seen_at, r.seen_local, r.found_in,
         'recovered' AS state
  FROM recovered_invites AS r
  WHERE NOT EXISTS (
    SELECT 1 FROM invites AS i
    WHERE i.exhibit_id = r.exhibit_id AND i.source_id = r.source_id AND i.code = r.code
      AND i.locator = split_part(r.locator, '@', 1)
  )
)
SELECT i.exhibit_id, i.source_id, i.locator, i.code, i.platform, i.kind, i.url, i.written,
       i.invites_to_chat_id, i.group_name_stated, i.event_id,
       coalesce(t.chat_id, i.seen_chat_id) AS seen_chat_id, i.seen_account_id, i.seen_at,
       i.seen_local, i.found_in, i.state, coalesce(f.path, '') AS path,
       coalesce(e.merged_id, i.event_id, coalesce(f.item_id, i.source_id) || '#' || i.locator)
         AS posting_id,
       coalesce(s.person_id, p.person_id, i.seen_account_id) AS person_id,
       i.found_in <> 'channel_record' AS is_posting,
       i.found_in <> 'channel_record' AND i.state = 'live' AS is_live
FROM found AS i
LEFT JOIN merged_copies AS e ON e.event_id = i.event_id
LEFT JOIN tied_exports AS t ON t.export_chat = i.seen_chat_id
LEFT JOIN sender AS s ON s.merged_id = e.merged_id AND e.exported
LEFT JOIN files AS f ON f.exhibit_id = i.exhibit_id AND f.source_id = i.source_id
LEFT JOIN account_person AS p ON p.account_id = i.seen_account_id
                             AND coalesce(i.seen_at, p.untimed) BETWEEN p.since AND p.until
