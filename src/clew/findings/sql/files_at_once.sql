-- Two accounts that sent one file to two conversations within five minutes, as somebody does who has
-- another account in each. What more than forty send within ten minutes ties no two of them
WITH sent AS (
  SELECT DISTINCT sha256, chat_id, sender_account_id AS account_id, epoch_us(sent_at) AS at_us,
         epoch_us(sent_at) // 300000000 AS slot
  FROM shares
  WHERE sha256 IS NOT NULL AND sender_account_id IS NOT NULL AND sent_at IS NOT NULL
),
near AS (
  SELECT sha256, chat_id, account_id, at_us, slot FROM sent
  UNION ALL SELECT sha256, chat_id, account_id, at_us, slot - 1 FROM sent
),
few AS (SELECT sha256, slot FROM near GROUP BY sha256, slot HAVING count(*) <= 40)
SELECT DISTINCT least(s.account_id, n.account_id) AS a, greatest(s.account_id, n.account_id) AS b,
       s.sha256
FROM sent AS s
JOIN few AS f ON f.sha256 = s.sha256 AND f.slot = s.slot
JOIN near AS n ON n.sha256 = s.sha256 AND n.slot = s.slot
WHERE n.chat_id <> s.chat_id AND n.account_id <> s.account_id
  AND n.at_us - s.at_us BETWEEN 0 AND 300000000
ORDER BY a, b, s.sha256
