-- Groups
-- Which groups are there, how large are they, and how much known material went through each?
SELECT * FROM groups
ORDER BY members DESC, messages DESC, chat_id
