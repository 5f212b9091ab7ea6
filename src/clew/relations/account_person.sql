-- One row per account and person whose it was in a span of time. A number that one person gave up
-- and another took has two rows, any other account one. Ask for the row of a time t, which may be
-- unknown, with: coalesce(t, p.untimed) BETWEEN p.since AND p.until. own_account_id tells the two
-- persons of one number apart.
SELECT p.account_id, p.account_id AS own_account_id, p.person_id, p.inferred,
       TIMESTAMPTZ '0001-01-01 00:00:00+00' AS since,
       coalesce(r.again_from - INTERVAL 1 MICROSECOND, TIMESTAMPTZ '9999-12-31 00:00:00+00')
         AS until,
       TIMESTAMPTZ '0001-01-01 00:00:00+00' AS untimed
FROM person_accounts AS p
LEFT JOIN recycled_numbers AS r ON r.account_id = p.account_id
UNION ALL
SELECT r.account_id, r.later_account_id, p.person_id, p.inferred, r.again_from,
       TIMESTAMPTZ '9999-12-31 00:00:00+00', TIMESTAMPTZ '0001-01-01 00:00:00+00'
FROM recycled_numbers AS r
JOIN person_accounts AS p ON p.account_id = r.later_account_id
