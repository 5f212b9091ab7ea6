-- Persons who came by a link
-- How many persons are seen to join a group by an invitation link?
SELECT count(DISTINCT person_id) AS value FROM membership_periods WHERE joined_how = 'joined_by_link'
