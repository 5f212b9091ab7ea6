-- One row per source and group in it, of whatever kind: group, community, channel or broadcast.
SELECT * FROM chats
WHERE chat_type IN ('group', 'supergroup', 'community', 'channel', 'broadcast')
