-- From when on each exhibit holds each conversation
SELECT exhibit_id, chat_id, epoch_us(min(sent_at)) AS begins_us
FROM messages WHERE sent_at IS NOT NULL AND kind <> 'system'
GROUP BY exhibit_id, chat_id ORDER BY exhibit_id, chat_id
