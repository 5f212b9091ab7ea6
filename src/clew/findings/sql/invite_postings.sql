-- Follow each invitation to its group and to everyone who posted it.
SELECT s.platform, s.code, s.posting_id,
       min(s.seen_chat_id) AS chat_id, min(t.subject) AS chat_name,
       min(s.person_id) AS person_id,
       min(s.seen_at) AS posted_at, min(s.seen_local) AS posted_local,
       sorted_set(s.found_in) AS found_in, min(s.written) AS written,
       sorted_set(s.exhibit_id) AS exhibits,
       min_by(s.path, s.exhibit_id || '|' || s.path || '|' || s.locator) AS path,
       min_by(s.locator, s.exhibit_id || '|' || s.path || '|' || s.locator) AS locator,
       sorted_set(s.event_id) AS event_ids, min(s.state) AS state
FROM invite_sightings AS s
LEFT JOIN chat_subjects AS t ON t.chat_id = s.seen_chat_id
WHERE s.is_posting
GROUP BY s.platform, s.code, s.posting_id
ORDER BY s.platform, s.code, s.posting_id
