-- What each proposal rests on
SELECT person_id, rule, exhibit_id, chat_id, event_id, judgement, figures FROM route_grounds
ORDER BY person_id, rule, exhibit_id, chat_id, event_id, judgement
