-- Judgements of others
-- What did people of other agencies decide? It is theirs, and enters no finding until adopted.
--
-- columns.judgement = "Term"
SELECT origin || '~' || CAST(number AS VARCHAR) AS judgement, origin, decided_in, says, accounts,
       sha256, judged_by, judged_at, reason, package_id
FROM received_judgements
ORDER BY judged_at, judgement
