-- Errors of linkage
-- How often were links of a weight wrong on generated operations?
SELECT * FROM linkage_errors
ORDER BY from_bits
