-- Groups
-- Which groups are there, how large are they, and how much known material went through each?
--
-- first = [
--   "subject", "chat_id", "members", "messages", "shares", "known_shares", "first_at",
--   "last_at", "creator"
-- ]
SELECT * FROM groups
ORDER BY members DESC, messages DESC, chat_id
