-- WhatsApp for Android, wa.db
CREATE TABLE wa_contacts (_id INTEGER PRIMARY KEY, jid TEXT NOT NULL, is_whatsapp_user BOOLEAN,
  status TEXT, number TEXT, raw_contact_id INTEGER, display_name TEXT, given_name TEXT,
  family_name TEXT, wa_name TEXT, nickname TEXT, company TEXT);
CREATE TABLE wa_group_descriptions (jid TEXT NOT NULL, description TEXT NOT NULL,
  description_id INTEGER, description_time INTEGER);
