-- One row per source and group in it, of whatever kind: group, community, channel or broadcast. What
-- is an export of a known group bears that group's id.
SELECT c.exhibit_id, c.source_id, c.locator, coalesce(t.chat_id, c.chat_id) AS chat_id,
       c.chat_id AS source_chat_id, c.platform, c.chat_type, c.subject, c.created_at, c.creator
FROM chats AS c LEFT JOIN tied_exports AS t ON t.export_chat = c.chat_id
WHERE c.chat_type IN ('group', 'supergroup', 'community', 'channel', 'broadcast')
