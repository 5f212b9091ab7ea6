-- One row per invitation: where it leads by any source's word, and its postings counted.
SELECT s.code, s.platform, max(s.kind) AS kind, min(s.url) AS url,
       min(s.invites_to_chat_id) AS chat_id,
       coalesce(min(t.subject), min(s.group_name_stated)) AS group_name,
       count(DISTINCT s.posting_id) FILTER (WHERE s.is_live) AS seen,
       count(DISTINCT s.posting_id) FILTER (WHERE s.is_live AND s.found_in = 'document') AS documents,
       sorted_set(CASE WHEN s.is_live THEN s.seen_chat_id END) AS chats,
       sorted_set(CASE WHEN s.is_live THEN s.person_id END) AS persons,
       sorted_set(CASE WHEN s.state = 'live' THEN s.exhibit_id END) AS exhibits,
       min(s.seen_at) FILTER (WHERE s.is_live) AS first_at,
       min_by(s.person_id, struct_pack(a := s.seen_at, p := s.posting_id))
         FILTER (WHERE s.is_live AND s.seen_at IS NOT NULL AND s.person_id IS NOT NULL)
         AS first_by,
       min_by(s.posting_id, struct_pack(a := s.seen_at, p := s.posting_id))
         FILTER (WHERE s.is_live AND s.seen_at IS NOT NULL) AS first_posting_id,
       sorted_set(CASE WHEN s.state = 'live' THEN s.event_id END) AS event_ids,
       min(s.state) AS state,
       count(DISTINCT s.posting_id) FILTER (WHERE s.state = 'recovered') AS recovered,
       sorted_set(CASE WHEN s.state = 'recovered' THEN s.exhibit_id END) AS recovered_on
FROM invite_sightings AS s
LEFT JOIN chat_subjects AS t ON t.chat_id = s.invites_to_chat_id
GROUP BY s.platform, s.code
ORDER BY s.platform, s.code
