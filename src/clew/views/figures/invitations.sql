-- Invitations
-- How many different invitations were posted?
SELECT count(*) AS value FROM invite_targets
