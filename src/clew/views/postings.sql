-- Postings of invitations
-- Who posted which invitation, where and when?
--
-- first = ["chat_name", "person_id", "posted_at", "code", "leads_to", "exhibits"]
-- of = ["invite_postings"]
-- [columns]
-- leads_to = "GroupName"
-- leads_to_chat = "Id[Chat]"
SELECT p.*, t.group_name AS leads_to, t.chat_id AS leads_to_chat
FROM invite_postings AS p
JOIN invite_targets AS t ON t.platform = p.platform AND t.code = p.code
ORDER BY platform, code, posted_at NULLS LAST, posted_local, posting_id
