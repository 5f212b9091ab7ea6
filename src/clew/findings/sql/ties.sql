-- Pairs of accounts that a source itself ties together, each with the first row that says so
SELECT a, b, relation, min_by(exhibit_id, exhibit_id || ' ' || source_id || ' ' || locator)
       AS exhibit_id,
       min_by(locator, exhibit_id || ' ' || source_id || ' ' || locator) AS locator
FROM account_aliases
WHERE relation IN ('lid_of', 'number_changed', 'same_row')
GROUP BY a, b, relation
ORDER BY relation, a, b
