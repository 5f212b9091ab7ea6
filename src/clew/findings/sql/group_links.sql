-- Groups that share members, with how many and which part.
WITH sizes AS (SELECT chat_id, count(*) AS members FROM members GROUP BY chat_id),
pairs AS (
  SELECT a.chat_id AS chat_a, b.chat_id AS chat_b, count(*) AS shared_members
  FROM members AS a
  JOIN members AS b ON b.person_id = a.person_id AND b.chat_id > a.chat_id
  GROUP BY a.chat_id, b.chat_id
),
files AS (SELECT DISTINCT chat_id, sha256 FROM group_shares WHERE sha256 IS NOT NULL),
both_files AS (
  SELECT a.chat_id AS chat_a, b.chat_id AS chat_b, count(*) AS shared_files
  FROM files AS a JOIN files AS b ON b.sha256 = a.sha256 AND b.chat_id > a.chat_id
  GROUP BY a.chat_id, b.chat_id
)
SELECT p.chat_a, p.chat_b, p.shared_members, a.members AS members_a, b.members AS members_b,
       CAST(p.shared_members AS DOUBLE) / least(a.members, b.members) AS containment,
       CAST(p.shared_members AS DOUBLE) / (a.members + b.members - p.shared_members) AS jaccard,
       coalesce(f.shared_files, 0) AS shared_files
FROM pairs AS p
JOIN sizes AS a ON a.chat_id = p.chat_a
JOIN sizes AS b ON b.chat_id = p.chat_b
LEFT JOIN both_files AS f ON f.chat_a = p.chat_a AND f.chat_b = p.chat_b
ORDER BY p.chat_a, p.chat_b
