-- First known shares
-- Who is first known to have shared each file, how sure is that, and how far did it spread?
--
-- first = [
--   "sha256", "person_id", "sent_at", "subject", "certainty", "shares", "chats", "persons",
--   "known"
-- ]
-- [columns]
-- countries = "int"
SELECT f.*, c.media_type, c.size, c.countries, c.known, c.ignorable, c.settled_by,
       c.file_present, g.subject
FROM first_shares AS f
JOIN file_clusters AS c ON c.sha256 = f.sha256
LEFT JOIN groups AS g ON g.chat_id = f.chat_id
ORDER BY settled_by = 'ignorable', chats DESC, shares DESC, sha256
