-- What a run of ALEAPP wrote of a made-up phone.
CREATE TABLE _artifact_search_patterns (id INTEGER PRIMARY KEY, module_name TEXT NOT NULL, artifact_name TEXT NOT NULL, regex TEXT NOT NULL);
INSERT INTO _artifact_search_patterns VALUES (1,'whatsApp','whatsAppMessages','*/ChatStorage.sqlite*');
CREATE TABLE _lava_media_items (id TEXT PRIMARY KEY, source_path TEXT, extraction_path TEXT, type TEXT, metadata TEXT, created_at INTEGER, updated_at INTEGER, is_embedded INTEGER);
INSERT INTO _lava_media_items VALUES ('m1','/private/var/mobile/Media/loaf.jpg','data/loaf.jpg','image/jpeg',NULL,NULL,NULL,0);
CREATE TABLE _lava_media_references (id TEXT PRIMARY KEY, media_item_id TEXT, module_name TEXT, artifact_name TEXT, name TEXT);
INSERT INTO _lava_media_references VALUES ('r1','m1','whatsApp','whatsAppMessages','loaf.jpg');
CREATE TABLE "whatsappmessages" ("timestamp" INTEGER, "direction" TEXT, "sender_name" TEXT, "chat_name" TEXT, "message" TEXT, "attachment_file" TEXT, "from_id" TEXT, "receiver" TEXT, "to_id" TEXT, "thumb" TEXT, "starred" TEXT, "metadata_field_17_forward_count_observed" TEXT, "chat_id" TEXT);
INSERT INTO whatsappmessages VALUES (1709280100,'Incoming','Ben','Bread','Málaga: https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv','','447700900002@s.whatsapp.net','Local User','','','1','','120363000000000001@g.us'),
 (1709280200,'Outgoing','Local User','Ben',NULL,'r1','','Ben','447700900002@s.whatsapp.net','','0','4','447700900002@s.whatsapp.net'), ('not a time','Incoming','Cleo','Cleo','torn',NULL,'','','','','','','');
CREATE TABLE "get_whatsapp_group_messages" ("message_timestamp" INTEGER, "received_timestamp" INTEGER, "key_remote_jid" TEXT, "recipients" TEXT, "direction" TEXT, "message" TEXT, "group_sender" TEXT, "attachment" TEXT, "key_id" TEXT);
INSERT INTO get_whatsapp_group_messages VALUES (1709280100,1709280101,'120363000000000001@g.us','447700900001@s.whatsapp.net, 447700900002@s.whatsapp.net','Incoming','by id','447700900002@s.whatsapp.net',NULL,'3A000000000000000001');
CREATE TABLE "sms" ("message_timestamp" INTEGER, "message" TEXT, "service" TEXT, "message_direction" TEXT, "chat_contact_id" TEXT, "attachment_path" TEXT, "from_me" TEXT);
INSERT INTO sms VALUES (1709280300,'hello','iMessage','Incoming','+447700900003','~/Library/SMS/Attachments/a.jpg','0');
CREATE TABLE "telegrammessages" ("timestamp" INTEGER, "sender_id" TEXT, "sender" TEXT, "chat_id" TEXT, "message" TEXT, "direction" TEXT);
INSERT INTO telegrammessages VALUES (1709280400,'12345','Dora','777','from a channel','Incoming');
CREATE TABLE "whatsappcallhistory" ("starting_timestamp" INTEGER, "ending_timestamp" INTEGER, "duration" TEXT, "direction" TEXT, "disconnected_cause" TEXT, "contact_id" TEXT, "video_call" TEXT, "call_id" TEXT, "contact_fullname" TEXT);
INSERT INTO whatsappcallhistory VALUES (1709280500,1709280530,'00:00:30','Incoming','Ended','447700900002@s.whatsapp.net','Yes','C1','Ben'), (1709280600,NULL,'','Outgoing','Missed','','No','C2','Cleo');
CREATE TABLE "whatsappcontacts" ("fullname" TEXT, "about_text" TEXT, "phone_number" TEXT, "whatsapp_id" TEXT);
INSERT INTO whatsappcontacts VALUES ('Ben Example','baking','+44 7700 900002','447700900002@s.whatsapp.net'), ('Nobody','','','');
CREATE TABLE "discord_account" ("user_id" TEXT, "username" TEXT, "email" TEXT);
INSERT INTO discord_account VALUES ('99887766','ana.bakes','ana@example.org');
CREATE TABLE "wifi_networks" ("ssid" TEXT, "timestamp" INTEGER);
INSERT INTO wifi_networks VALUES ('bakery',1709280000), ('home',1709280001);
CREATE TABLE "kik_messages" ("a" TEXT, "b" TEXT);
INSERT INTO kik_messages VALUES ('headers that','nobody knows');
