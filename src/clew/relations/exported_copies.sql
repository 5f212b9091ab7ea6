-- One row per message of a text export that is set beside one message of the conversation which the
-- export is taken for: it counts with that message. Of several alike in a minute each counts with the
-- one of the same rank among them.
SELECT c.event_id, c.merged_id
FROM merge_candidates AS c
JOIN tied_exports AS t ON t.export_chat = c.export_chat AND t.chat_id = c.chat_id
WHERE c.rank = 1 AND c.sender_match <> 'other_person'
  AND (c.rivals + c.claimed_by_others = 0
       OR coalesce(c.rank_in_export = c.rank_in_databases, FALSE))
