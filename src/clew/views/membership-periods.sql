-- Membership periods
-- When was who in which group, how did each period begin and end, and what contradicts it?
--
-- first = ["subject", "person_id", "from_at", "until_at", "joined_how", "ended_how", "posts"]
-- times = ["from_at", "until_at"]
SELECT g.subject, s.chat_id, s.person_id, s.number, s.from_at, s.from_bound, s.until_at,
       s.until_bound, s.joined_how, s.joined_by, s.invites, s.ended_how, s.ended_by, s.posts,
       s.conflicts, s.exhibits
FROM membership_periods AS s LEFT JOIN groups AS g ON g.chat_id = s.chat_id
ORDER BY chat_id, from_at NULLS LAST, person_id, number
