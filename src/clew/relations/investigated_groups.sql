-- One row per group under investigation: a file of a known set was shared in it.
SELECT chat_id FROM groups WHERE known_shares > 0
