-- Two tables of messages and few columns, as until 2022.
CREATE TABLE recipient (_id INTEGER PRIMARY KEY, uuid TEXT, phone TEXT, group_id TEXT, system_display_name TEXT, signal_profile_name TEXT);
INSERT INTO recipient VALUES (1,'11110000-0000-4000-8000-000000000002','+447700900002',NULL,'Ben','~ben'), (2,NULL,NULL,'__textsecure_group__!bb',NULL,NULL), (3,NULL,'+447700900003',NULL,NULL,NULL);
CREATE TABLE thread (_id INTEGER PRIMARY KEY, recipient_ids INTEGER, archived INTEGER);
INSERT INTO thread VALUES (1,1,0), (2,2,0);
CREATE TABLE groups (_id INTEGER PRIMARY KEY, group_id TEXT, title TEXT, members TEXT, timestamp INTEGER);
INSERT INTO groups VALUES (1,'__textsecure_group__!bb','Trains','1,3,+447700900009',0);
CREATE TABLE sms (_id INTEGER PRIMARY KEY, thread_id INTEGER, address INTEGER, date INTEGER, date_sent INTEGER, type INTEGER, body TEXT, remote_deleted INTEGER);
INSERT INTO sms VALUES (1,1,1,1600000000500,1600000000000,10485780,'hello',0), (2,1,1,1600000010500,1600000010000,10485783,'hello back',0), (3,2,3,1600000020500,1600000020000,10616852,NULL,0);
CREATE TABLE mms (_id INTEGER PRIMARY KEY, thread_id INTEGER, address TEXT, date INTEGER, date_received INTEGER, msg_box INTEGER, body TEXT, quote_id INTEGER, quote_author TEXT, quote_body TEXT, remote_deleted INTEGER);
INSERT INTO mms VALUES (1,2,'+447700900009',1600000030000,1600000030500,10485780,NULL,0,NULL,NULL,0), (2,2,'2',1600000040000,1600000040000,10485783,'an answer',1600000000000,'1','hello',0), (3,2,'3',1600000050000,1600000050000,10485780,NULL,0,NULL,NULL,1);
CREATE TABLE part (_id INTEGER PRIMARY KEY, mid INTEGER, ct TEXT, _data TEXT, data_size INTEGER, file_name TEXT, digest BLOB, voice_note INTEGER, data_hash TEXT, quote INTEGER);
INSERT INTO part VALUES (1,1,'audio/aac','/data/part.mms',99,NULL,NULL,1,'TgdAhWK+24tgzgXB3s/jrRa3IjCWfeAfZAt+Rym0n84=',0);
CREATE TABLE reaction (_id INTEGER PRIMARY KEY, message_id INTEGER, is_mms INTEGER, author_id INTEGER, emoji TEXT, date_sent INTEGER);
INSERT INTO reaction VALUES (1,1,0,1,'❤',1600000001000);
