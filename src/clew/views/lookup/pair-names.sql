-- Names of two accounts
-- Under which names are two accounts known, and to how many exhibits?
--
-- parameters = { a = "", b = "" }
-- [columns]
-- exhibits = "int"
-- first_in = "Locator"
SELECT account_id, name, name_kind, count(DISTINCT exhibit_id) AS exhibits,
       min(concat(exhibit_id, ' ', source_id, ' ', locator)) AS first_in
FROM account_names WHERE account_id IN ($a, $b)
GROUP BY account_id, name, name_kind
ORDER BY account_id, name, name_kind
