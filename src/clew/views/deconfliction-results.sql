-- Hits with other agencies
-- Of which identifiers does a partner say that it has them too, and of which not?
--
-- parameters = {ask = ""}
SELECT number, is_hit, partner_id, asked_kind, identifier, seen, is_own_question, exchange_id,
       judged_by, judged_at, reason
FROM deconfliction_results
WHERE $ask = '' OR starts_with(exchange_id, $ask)
ORDER BY is_hit DESC, number
