-- Postings of invitations
-- How many times was an invitation posted, as far as it was not deleted?
SELECT count(*) AS value FROM invite_postings WHERE state = 'live'
