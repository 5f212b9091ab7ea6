-- Sendings of known files
-- Who sent which known file when and where, and which devices show it?
--
-- [columns]
-- sha256 = "Hash"
-- merged_id = "Id[MergedMessage]"
-- event_id = "Id[Message]"
-- chat_id = "Id[Chat]"
-- in_group = "bool"
-- person_id = "Id[Person]"
-- country = "Country"
-- sent_at = "datetime"
-- sent_local = "LocalTime"
-- forwarded = "bool"
-- witnesses = "tuple[Id[Exhibit], ...]"
-- own_device = "bool"
-- named_only = "bool"
SELECT * FROM known_sendings
ORDER BY sent_at NULLS LAST, sent_local, merged_id, sha256
