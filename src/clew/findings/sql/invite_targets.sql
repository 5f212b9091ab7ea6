-- One row per invitation: where it leads by any source's word, and its postings counted
SELECT s.code, s.platform, max(s.kind) AS kind, min(s.url) AS url,
       min(s.invites_to_chat_id) AS chat_id,
       coalesce(min(t.subject), min(s.group_name_stated)) AS group_name,
       count(DISTINCT s.place) FILTER (WHERE s.is_live) AS seen,
       count(DISTINCT s.place) FILTER (WHERE s.is_live AND s.found_in = 'document') AS documents,
       coalesce(array_agg(DISTINCT s.seen_chat_id ORDER BY s.seen_chat_id)
                FILTER (WHERE s.is_live AND s.seen_chat_id IS NOT NULL),
                CAST([] AS VARCHAR[])) AS chats,
       coalesce(array_agg(DISTINCT s.person_id ORDER BY s.person_id)
                FILTER (WHERE s.is_live AND s.person_id IS NOT NULL),
                CAST([] AS VARCHAR[])) AS persons,
       coalesce(array_agg(DISTINCT s.exhibit_id ORDER BY s.exhibit_id)
                FILTER (WHERE s.state = 'live'), CAST([] AS VARCHAR[])) AS exhibits,
       min(s.seen_at) FILTER (WHERE s.is_live) AS first_at,
       arg_min(s.person_id, row(s.seen_at, s.place))
         FILTER (WHERE s.is_live AND s.seen_at IS NOT NULL AND s.person_id IS NOT NULL)
         AS first_by,
       arg_min(s.place, row(s.seen_at, s.place))
         FILTER (WHERE s.is_live AND s.seen_at IS NOT NULL) AS first_place,
       coalesce(array_agg(DISTINCT s.event_id ORDER BY s.event_id)
                FILTER (WHERE s.state = 'live' AND s.event_id IS NOT NULL),
                CAST([] AS VARCHAR[])) AS event_ids,
       min(s.state) AS state,
       count(DISTINCT s.place) FILTER (WHERE s.state = 'recovered') AS recovered,
       coalesce(array_agg(DISTINCT s.exhibit_id ORDER BY s.exhibit_id)
                FILTER (WHERE s.state = 'recovered'), CAST([] AS VARCHAR[])) AS recovered_on
FROM seen AS s
LEFT JOIN subjects AS t ON t.chat_id = s.invites_to_chat_id
GROUP BY s.platform, s.code
ORDER BY s.platform, s.code
