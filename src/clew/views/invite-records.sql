-- Invitations as read
-- Where does each source hold an invitation, and what does it state about it?
--
-- of = ["invites"]
SELECT * FROM invites
ORDER BY exhibit_id, source_id, locator, platform, code, written, found_in
