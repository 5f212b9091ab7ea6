-- Identifiers and numbers of accounts, with the files that name each and whether as their own.
SELECT DISTINCT exhibit_id, source_id, identifier, e164, is_owner
FROM accounts WHERE list_contains($ids, account_id)
ORDER BY exhibit_id, source_id, identifier, e164, is_owner
