-- Packages received
-- Which packages of other agencies does the case have, and how may they be used?
SELECT package_id, partner_id, origin, sealed_at, handling, handling_text, tlp, rows, named,
       counted, tokens, supersedes, legal_basis, purpose, keep_until, signer, tagmanifest_sha256,
       state
FROM packages
ORDER BY sealed_at, package_id
