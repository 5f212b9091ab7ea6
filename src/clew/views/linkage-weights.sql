-- Weights of linkage
-- How much does it weigh that two accounts agree in something?
SELECT * FROM linkage_weights
ORDER BY line, countries, bits DESC, agreement
