SELECT s.platform, s.code, s.place,
       min(s.seen_chat_id) AS chat_id, min(t.subject) AS chat_name,
       min(s.person_id) AS person_id,
       min(s.seen_at) AS posted_at, min(s.seen_local) AS posted_local,
       array_agg(DISTINCT s.found_in ORDER BY s.found_in) AS found_in,
       min(s.written) AS written,
       array_agg(DISTINCT s.exhibit_id ORDER BY s.exhibit_id) AS exhibits,
       arg_min(s.path, s.exhibit_id || '|' || s.path || '|' || s.locator) AS path,
       arg_min(s.locator, s.exhibit_id || '|' || s.path || '|' || s.locator) AS locator,
       coalesce(array_agg(DISTINCT s.event_id ORDER BY s.event_id)
                FILTER (WHERE s.event_id IS NOT NULL), CAST([] AS VARCHAR[])) AS event_ids,
       min(s.state) AS state
FROM seen AS s
LEFT JOIN subjects AS t ON t.chat_id = s.seen_chat_id
WHERE s.is_posting
GROUP BY s.platform, s.code, s.place
ORDER BY s.platform, s.code, s.place
