-- Invitations, and where they lead
-- Which invitations were posted, to which group does each lead, and who posted it?
--
-- first = [
--   "code", "platform", "kind", "group_name", "seen", "persons", "first_at", "first_by",
--   "state"
-- ]
-- of = ["invite_targets"]
WITH sized AS (SELECT chat_id AS group_id, members FROM groups)
SELECT i.*, s.members
FROM invite_targets AS i LEFT JOIN sized AS s ON s.group_id = i.chat_id
ORDER BY chat_id IS NULL, seen DESC, code, platform
