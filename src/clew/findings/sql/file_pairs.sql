-- Each content of each group, once.
SELECT DISTINCT chat_id, sha256 FROM group_shares WHERE sha256 IS NOT NULL ORDER BY chat_id, sha256
