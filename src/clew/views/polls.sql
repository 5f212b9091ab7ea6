-- Polls
-- Which questions were put to a vote, and who chose what?
--
-- of = ["poll_options"]
-- [columns]
-- question = "FreeText"
SELECT m.exhibit_id, m.chat_id, m.sender_account_id, m.sent_at, m.text AS question, p.ordinal,
       p.option, p.votes, p.voters, p.locator, p.event_id
FROM poll_options AS p JOIN messages AS m ON m.event_id = p.event_id
ORDER BY exhibit_id, sent_at, locator, event_id, ordinal
