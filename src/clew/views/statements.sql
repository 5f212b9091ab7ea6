-- Statements
-- What do sites state of the operation, apart from possible victims, who have a desk of their own?
--
-- first = ["site", "seq", "about", "reference", "says", "happened_at", "judged_by"]
SELECT s.site, s.seq, s.about, s.reference, s.says, s.happened_at, s.judged_by, s.judged_at,
       s.country, s.place, s.heard_from, s.withdraws, s.particulars, s.reason, s.clock_note,
       s.statement_id, s.previous, s.number
FROM statements AS s
WHERE s.about <> 'victim'
  AND NOT EXISTS (
    SELECT 1 FROM statements AS v
    WHERE v.reference = s.reference
      AND (v.about = 'victim' OR v.says IN ('victim', 'possible_victim')
           OR list_contains(v.particulars, 'category=victim')
           OR list_contains(v.particulars, 'category=possible_victim')))
ORDER BY site, seq, statement_id
