-- Judgements in conflict
-- Which judgements contradict each other, own and others'? None is settled by counting.
--
-- columns.judgement = "Term"
-- columns.says = "FreeText"
-- columns.other_judgement = "Term"
-- columns.other_says = "FreeText"
-- columns.sha256 = "Hash | None"
-- columns.accounts = "tuple[Id[Account], ...]"
WITH on_accounts AS (
  SELECT origin || '~' || CAST(number AS VARCHAR) AS judgement, says, list_sort(accounts) AS accounts,
         CAST(NULL AS VARCHAR) AS sha256, '' AS scheme
  FROM received_judgements
  WHERE decided_in = 'person_judgements' AND says IN ('accept', 'reject')
  UNION ALL
  SELECT CAST(number AS VARCHAR), decision, list_sort(accounts), NULL, ''
  FROM person_judgements WHERE counts AND decision IN ('accept', 'reject')
),
on_files AS (
  SELECT origin || '~' || CAST(number AS VARCHAR) AS judgement, says,
         CAST([] AS VARCHAR[]) AS accounts, sha256, split_part(says, ': ', 1) AS scheme
  FROM received_judgements WHERE decided_in = 'file_categories'
  UNION ALL
  SELECT CAST(number AS VARCHAR), concat_ws(' ', scheme, country, scheme_version) || ': ' || code,
         CAST([] AS VARCHAR[]), sha256, concat_ws(' ', scheme, country, scheme_version)
  FROM categories_that_count
),
every_judgement AS (SELECT * FROM on_accounts UNION ALL SELECT * FROM on_files)
SELECT DISTINCT a.judgement, a.says, b.judgement AS other_judgement, b.says AS other_says, a.accounts, a.sha256
FROM every_judgement AS a
JOIN every_judgement AS b
  ON a.judgement < b.judgement AND a.says <> b.says AND a.scheme = b.scheme
 AND a.accounts = b.accounts AND coalesce(a.sha256, '') = coalesce(b.sha256, '')
ORDER BY judgement, other_judgement
