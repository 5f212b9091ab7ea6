-- Deconfliction
-- What was offered to, asked of and answered by other agencies, without showing it?
--
-- first = ["number", "step", "partner_id", "asked_kind", "exchange_id", "hits"]
SELECT number, step, partner_id, asked_kind, period, points, own_count, hits, holds_until,
       exchange_id, offer_id, judged_by, judged_at, legal_basis, reason, file_sha256
FROM deconflictions
ORDER BY number
