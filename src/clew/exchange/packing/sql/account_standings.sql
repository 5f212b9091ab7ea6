-- One row per account and person whose it was, with what becomes of the person in this package
-- Tables in memory: person_standings.
SELECT a.account_id, a.since, a.until, a.untimed,
       CASE WHEN s.standing = 'named' AND a.inferred THEN 'inferred' ELSE s.standing END AS standing
FROM account_person AS a JOIN person_standings AS s ON s.person_id = a.person_id
