CREATE TABLE jid (_id INTEGER PRIMARY KEY, user TEXT, server TEXT, agent INTEGER, device INTEGER, type INTEGER, raw_string TEXT);
INSERT INTO jid VALUES (1,'447700900001','s.whatsapp.net',0,0,0,'447700900001@s.whatsapp.net'),
 (2,'111222333444555','lid',0,0,18,'111222333444555@lid'), (3,'120363000000000001','g.us',0,0,1,'120363000000000001@g.us'),
 (4,'447700900002','s.whatsapp.net',0,0,0,'447700900002@s.whatsapp.net'), (5,'447700900009','s.whatsapp.net',0,3,17,'447700900009:3@s.whatsapp.net'),
 (6,'447700900003','s.whatsapp.net',0,0,0,'447700900003@s.whatsapp.net');
CREATE TABLE jid_map (lid_row_id INTEGER PRIMARY KEY, jid_row_id INTEGER, sort_id INTEGER);
INSERT INTO jid_map VALUES (2,1,1);
CREATE TABLE lid_display_name (lid_row_id INTEGER PRIMARY KEY, display_name TEXT, username TEXT);
INSERT INTO lid_display_name VALUES (2,'~Push','name.of.user');
CREATE TABLE chat (_id INTEGER PRIMARY KEY, jid_row_id INTEGER, hidden INTEGER, subject TEXT, created_timestamp INTEGER, archived INTEGER, group_type INTEGER);
INSERT INTO chat VALUES (1,3,0,'Bread and trains',1709280000000,0,0), (2,2,1,NULL,0,0,0);
CREATE TABLE message (_id INTEGER PRIMARY KEY, chat_row_id INTEGER, from_me INTEGER, key_id TEXT, sender_jid_row_id INTEGER, status INTEGER, origination_flags INTEGER, timestamp INTEGER, received_timestamp INTEGER, receipt_server_timestamp INTEGER, message_type INTEGER, text_data TEXT, starred INTEGER, sort_id INTEGER);
INSERT INTO message VALUES
 (1,1,0,'3A00000000000000000000000000000001',2,0,0,1709280100000,1709280101000,-1,0,'Málaga: https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv',1,1),
 (2,1,1,'3EB0000000000000000000000000000002',0,13,1,1709280200000,0,-1,1,NULL,0,2),
 (3,1,0,'3A00000000000000000000000000000003',4,0,0,1709280300000,0,-1,0,'an answer',0,3),
 (4,1,0,'3A00000000000000000000000000000004',4,6,0,1709280400000,0,-1,7,'Bread',0,4),
 (5,1,0,'3A00000000000000000000000000000005',2,0,0,1709280500000,0,-1,15,NULL,0,5),
 (6,2,0,'3A00000000000000000000000000000006',NULL,0,0,1709280600000,0,-1,0,'by hidden id alone',0,6),
 (7,1,0,'3A00000000000000000000000000000007',4,0,0,1709280700000,0,-1,24,NULL,0,7),
 (8,1,0,'3A00000000000000000000000000000008',4,0,0,1709280800000,0,-1,777,'of a type to come',0,8),
 (9,99,0,'3A00000000000000000000000000000009',4,0,0,1709280900000,0,-1,0,'its chat is gone',0,9),
 (10,1,0,'3A0000000000000000000000000000000A',4,0,0,'torn',0,-1,0,X'00FF',0,10),
 (11,1,0,'3A0000000000000000000000000000000B',4,6,0,1709281000000,0,-1,7,NULL,0,11),
 (12,1,0,'3A0000000000000000000000000000000C',4,6,0,1709281100000,0,-1,7,NULL,0,12);
CREATE TABLE message_media (message_row_id INTEGER PRIMARY KEY, file_path TEXT, file_size INTEGER, mime_type TEXT, file_hash TEXT, enc_file_hash TEXT, width INTEGER, height INTEGER, media_caption TEXT);
INSERT INTO message_media VALUES (2,'Media/WhatsApp Images/IMG-20240301-WA0000.jpg',1000,'image/jpeg','AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=','not a hash',10,20,'caption'), (500,'Media/lost.jpg',7,'image/jpeg',NULL,NULL,NULL,NULL,NULL);
CREATE TABLE message_forwarded (message_row_id INTEGER PRIMARY KEY, forward_score INTEGER);
INSERT INTO message_forwarded VALUES (2,127);
CREATE TABLE message_quoted (message_row_id INTEGER PRIMARY KEY, chat_row_id INTEGER, parent_message_chat_row_id INTEGER, from_me INTEGER, sender_jid_row_id INTEGER, key_id TEXT, timestamp INTEGER, message_type INTEGER, text_data TEXT);
INSERT INTO message_quoted VALUES (3,1,1,0,2,'3A00000000000000000000000000000001',1709280100000,0,'Málaga: …');
CREATE TABLE message_mentions (_id INTEGER PRIMARY KEY, message_row_id INTEGER, jid_row_id INTEGER);
INSERT INTO message_mentions VALUES (1,3,2),(2,3,6);
CREATE TABLE message_revoked (message_row_id INTEGER PRIMARY KEY, revoked_key_id TEXT, admin_jid_row_id INTEGER, revoke_timestamp INTEGER);
INSERT INTO message_revoked VALUES (5,'3A00000000000000000000000000000005',NULL,1709280550000);
CREATE TABLE message_edit_info (message_row_id INTEGER PRIMARY KEY, original_key_id TEXT, edited_timestamp INTEGER, sender_timestamp INTEGER);
INSERT INTO message_edit_info VALUES (3,'x',1709280390000,1709280390000);
CREATE TABLE message_system (message_row_id INTEGER PRIMARY KEY, action_type INTEGER);
INSERT INTO message_system VALUES (4,12),(11,28),(12,9999);
CREATE TABLE message_system_chat_participant (message_row_id INTEGER, user_jid_row_id INTEGER);
INSERT INTO message_system_chat_participant VALUES (4,6),(4,2);
CREATE TABLE message_system_number_change (message_row_id INTEGER PRIMARY KEY, old_jid_row_id INTEGER, new_jid_row_id INTEGER);
INSERT INTO message_system_number_change VALUES (11,4,6);
CREATE TABLE message_group_invite (message_row_id INTEGER PRIMARY KEY, group_jid_row_id INTEGER, admin_jid_row_id INTEGER, group_name TEXT, invite_code TEXT, expiration INTEGER, invite_time INTEGER);
INSERT INTO message_group_invite VALUES (7,3,4,'Bread and trains','ZyXwVuTsRqPoNmLkJiHgFe',1709539900000,1709280700000);
CREATE TABLE message_add_on (_id INTEGER PRIMARY KEY, chat_row_id INTEGER, from_me INTEGER, key_id TEXT, sender_jid_row_id INTEGER, parent_message_row_id INTEGER, timestamp INTEGER, message_add_on_type INTEGER);
INSERT INTO message_add_on VALUES (1,1,0,'k',4,1,1709280190000,56),(2,1,0,'k2',4,1,1709280191000,67);
CREATE TABLE message_add_on_reaction (message_add_on_row_id INTEGER PRIMARY KEY, reaction TEXT, sender_timestamp INTEGER);
INSERT INTO message_add_on_reaction VALUES (1,'👍',1709280190000);
CREATE TABLE message_vcard (_id INTEGER PRIMARY KEY, message_row_id INTEGER, vcard TEXT);
INSERT INTO message_vcard VALUES (1,3,'BEGIN:VCARD
N:Number;Contact;;;
FN:Contact Number
item1.TEL;waid=447700900003:+44 7700 900003
EMAIL:contact@example.org
END:VCARD');
CREATE TABLE message_details (message_row_id INTEGER PRIMARY KEY, author_device_jid INTEGER);
INSERT INTO message_details VALUES (2,5);
CREATE TABLE receipt_user (_id INTEGER PRIMARY KEY, message_row_id INTEGER, receipt_user_jid_row_id INTEGER, receipt_timestamp INTEGER, read_timestamp INTEGER, played_timestamp INTEGER);
INSERT INTO receipt_user VALUES (1,2,1,1709280201000,1709280202000,0);
CREATE TABLE group_participant_user (_id INTEGER PRIMARY KEY, group_jid_row_id INTEGER, user_jid_row_id INTEGER, rank INTEGER, pending INTEGER, add_timestamp INTEGER, label TEXT);
INSERT INTO group_participant_user VALUES (1,3,2,2,0,1709280000000,NULL),(2,3,4,1,0,0,'the baker'),(3,3,6,0,1,NULL,NULL);
CREATE TABLE group_past_participant_user (_id INTEGER PRIMARY KEY, group_jid_row_id INTEGER, user_jid_row_id INTEGER, is_leave INTEGER, timestamp INTEGER);
INSERT INTO group_past_participant_user VALUES (1,3,1,1,1709290000),(2,3,6,0,1709290000000);
CREATE TABLE call_log (_id INTEGER PRIMARY KEY, jid_row_id INTEGER, from_me INTEGER, call_id TEXT, timestamp INTEGER, video_call INTEGER, duration INTEGER, call_result INTEGER, group_jid_row_id INTEGER);
INSERT INTO call_log VALUES (1,4,0,'CALL1',1709280000000,1,60,5,0),(2,4,1,'CALL2',1709280000000,0,0,77,0);
CREATE TABLE call_log_participant_v2 (_id INTEGER PRIMARY KEY, call_log_row_id INTEGER, jid_row_id INTEGER, call_result INTEGER);
INSERT INTO call_log_participant_v2 VALUES (1,1,6,2);
CREATE TABLE a_table_to_come (x INTEGER);
INSERT INTO a_table_to_come VALUES (1),(2);
