-- Every person in every group, with standing, time and what they did there.
SELECT chat_id, person_id, country, role, state, joined_at,
       CASE WHEN state = 'current' THEN NULL ELSE ended_at END AS ended_at,
       messages, shares, exhibits, basis
FROM members
ORDER BY chat_id, person_id
