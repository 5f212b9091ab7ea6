-- What sources state of two accounts
-- Which source itself ties two accounts together?
--
-- parameters = { a = "", b = "" }
SELECT a, b, relation, "at", exhibit_id, source_id, locator FROM account_aliases
WHERE (a = $a AND b = $b) OR (a = $b AND b = $a)
ORDER BY a, b, relation, "at", exhibit_id, source_id, locator
