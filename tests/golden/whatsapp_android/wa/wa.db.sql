CREATE TABLE wa_contacts (_id INTEGER PRIMARY KEY, jid TEXT NOT NULL, is_whatsapp_user BOOLEAN, status TEXT, number TEXT, display_name TEXT, given_name TEXT, family_name TEXT, wa_name TEXT, nickname TEXT, company TEXT);
INSERT INTO wa_contacts VALUES (1,'447700900001@s.whatsapp.net',1,'about me','+44 7700 900001','Contact One','Contact','One','push one','nick','The Bakery'),
 (2,'111222333444555@lid',1,NULL,NULL,NULL,NULL,NULL,'push by hidden id',NULL,NULL),
 (3,'120363000000000001@g.us',0,NULL,NULL,'A group',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE wa_vnames (_id INTEGER PRIMARY KEY, jid TEXT NOT NULL, verified_name TEXT NOT NULL);
INSERT INTO wa_vnames VALUES (1,'447700900001@s.whatsapp.net','The Bakery Ltd');
CREATE TABLE wa_group_descriptions (jid TEXT NOT NULL, description TEXT NOT NULL);
INSERT INTO wa_group_descriptions VALUES ('120363000000000001@g.us','about bread');
CREATE TABLE wa_group_admin_settings (jid TEXT NOT NULL, creator_jid TEXT);
INSERT INTO wa_group_admin_settings VALUES ('120363000000000001@g.us','447700900001@s.whatsapp.net');
CREATE TABLE wa_props (_id INTEGER PRIMARY KEY, prop_name TEXT, prop_value TEXT);
INSERT INTO wa_props VALUES (1,'x','y');
