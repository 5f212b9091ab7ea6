-- Evidence between two accounts
-- What speaks for and against two accounts being one person's?
--
-- parameters = { a = "", b = "" }
SELECT line, agreement, bits, names, shared FROM link_evidence
WHERE account_a = $a AND account_b = $b
ORDER BY bits DESC, line
