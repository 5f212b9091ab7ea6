-- One row per video of which no frame has enough in it.
SELECT source_id FROM rated_fingerprints WHERE algorithm = 'vpdq'
GROUP BY source_id HAVING NOT bool_or(enough)
