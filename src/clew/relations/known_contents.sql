-- One row per content that a known set has by its bytes.
SELECT DISTINCT sha256 FROM matches
WHERE kind = 'known' AND tier = 'exact' AND sha256 IS NOT NULL
