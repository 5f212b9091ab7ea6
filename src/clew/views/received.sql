-- Packages received
-- Which packages of other agencies does the case have, what do they lack, and how may they be used?
--
-- first = ["package_id", "partner_id", "origin", "handling", "state", "rows", "withheld", "not_read"]
-- columns.withheld = "int"
-- columns.not_read = "int"
WITH lacking AS (
  SELECT package_id, CAST(sum(rows) FILTER (WHERE kind = 'withheld') AS BIGINT) AS withheld,
         CAST(sum(rows) FILTER (WHERE kind = 'not_read') AS BIGINT) AS not_read
  FROM received_coverage GROUP BY package_id
)
SELECT p.package_id, p.partner_id, p.origin, p.sealed_at, p.handling, p.handling_text, p.tlp, p.rows,
       l.withheld, coalesce(l.not_read, CASE WHEN l.package_id IS NOT NULL THEN 0 END) AS not_read,
       p.named, p.counted, p.tokens, p.texts, p.supersedes, p.legal_basis, p.purpose, p.keep_until,
       p.signer, p.tagmanifest_sha256, p.state
FROM packages AS p LEFT JOIN lacking AS l ON l.package_id = p.package_id
ORDER BY sealed_at, package_id
