CREATE TABLE messages (_id INTEGER PRIMARY KEY, key_remote_jid TEXT NOT NULL, key_from_me INTEGER, key_id TEXT NOT NULL, status INTEGER, data TEXT, timestamp INTEGER, media_wa_type TEXT, media_size INTEGER, remote_resource TEXT);
INSERT INTO messages VALUES (1,'-1',0,'-1',-1,NULL,0,'-1',-1,NULL),
 (2,'447700900001-1400000000@g.us',0,'8A84B23763A3C357C5504DC821522B81',0,'hello',1592506764000,'0',0,'447700900002@s.whatsapp.net'),
 (3,'447700900002@s.whatsapp.net',0,'8A84B23763A3C357C5504DC821522B82',0,'hello you',1592506864000,'0',0,NULL);
CREATE TABLE jid (_id INTEGER PRIMARY KEY, user TEXT, server TEXT, agent INTEGER, device INTEGER, type INTEGER, raw_string TEXT);
INSERT INTO jid VALUES (1,'447700900001-1400000000','g.us',0,0,1,'447700900001-1400000000@g.us'),(2,'447700900002','s.whatsapp.net',0,0,0,'447700900002@s.whatsapp.net');
CREATE TABLE chat (_id INTEGER PRIMARY KEY, jid_row_id INTEGER, hidden INTEGER, subject TEXT, created_timestamp INTEGER, archived INTEGER);
INSERT INTO chat VALUES (1,1,0,'In between',1400000000000,0),(2,2,0,NULL,NULL,0);
CREATE TABLE message (_id INTEGER PRIMARY KEY, chat_row_id INTEGER, from_me INTEGER, key_id TEXT, sender_jid_row_id INTEGER, status INTEGER, timestamp INTEGER, message_type INTEGER, text_data TEXT);
INSERT INTO message VALUES (1,-1,0,'-1',-1,-1,0,-1,NULL),
 (2,1,0,'8A84B23763A3C357C5504DC821522B81',2,0,1592506764000,0,'hello'),
 (3,1,0,'8A84B23763A3C357C5504DC821522B83',2,0,1592506964000,0,'in the new table only');
CREATE TABLE group_participant_user (_id INTEGER PRIMARY KEY, group_jid_row_id INTEGER, user_jid_row_id INTEGER, rank INTEGER, pending INTEGER);
INSERT INTO group_participant_user VALUES (1,1,2,1,0);
CREATE TABLE receipt_user (_id INTEGER PRIMARY KEY, message_row_id INTEGER, receipt_user_jid_row_id INTEGER, receipt_timestamp INTEGER, read_timestamp INTEGER, played_timestamp INTEGER);
INSERT INTO receipt_user VALUES (1,2,2,1592506764500,NULL,NULL);
