-- One row per membership of a person in two groups or more of whom no share is seen.
WITH quiet AS (
  SELECT person_id FROM group_members GROUP BY person_id
  HAVING count(*) >= 2 AND CAST(sum(shares) AS BIGINT) = 0
)
SELECT m.person_id, m.country, m.chat_id, epoch_us(m.joined_at) AS joined_us,
       epoch_us(m.ended_at) AS ended_us, m.messages
FROM group_members AS m JOIN quiet AS q ON q.person_id = m.person_id
