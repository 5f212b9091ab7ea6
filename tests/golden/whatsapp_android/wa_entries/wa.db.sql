-- Rows 1 and 2 are two numbers of one entry of the phone's address book; row 3 is another entry; row 4 was met in a group and stands in no entry; row 5 is a contact of WhatsApp alone.
CREATE TABLE wa_contacts (_id INTEGER PRIMARY KEY, jid TEXT NOT NULL, is_whatsapp_user BOOLEAN, status TEXT, number TEXT, raw_contact_id INTEGER, display_name TEXT, given_name TEXT, family_name TEXT, wa_name TEXT, nickname TEXT, company TEXT);
INSERT INTO wa_contacts VALUES (1,'447700900001@s.whatsapp.net',1,NULL,'+44 7700 900001',17,'Ana Bread',NULL,NULL,NULL,NULL,NULL),
 (2,'447700900002@s.whatsapp.net',1,NULL,'+44 7700 900002',17,'Ana Bread',NULL,NULL,'~ana',NULL,NULL),
 (3,'447700900003@s.whatsapp.net',1,NULL,'+44 7700 900003',18,'Ben',NULL,NULL,NULL,NULL,NULL),
 (4,'447700900004@s.whatsapp.net',1,NULL,NULL,NULL,NULL,NULL,NULL,'~cleo',NULL,NULL),
 (5,'447700900005@s.whatsapp.net',1,NULL,'+44 7700 900005',-1,'Dora',NULL,NULL,NULL,NULL,NULL);
