-- What messages carry beyond their text: places, a live one that ended elsewhere, and a poll with votes.
CREATE TABLE jid (_id INTEGER PRIMARY KEY, raw_string TEXT);
INSERT INTO jid VALUES (1,'120363000000000001@g.us'), (2,'447700900001@s.whatsapp.net'), (3,'447700900002@s.whatsapp.net');
CREATE TABLE chat (_id INTEGER PRIMARY KEY, jid_row_id INTEGER UNIQUE, subject TEXT);
INSERT INTO chat VALUES (1,1,'Bread and trains');
CREATE TABLE message (_id INTEGER PRIMARY KEY, chat_row_id INTEGER, from_me INTEGER, key_id TEXT, sender_jid_row_id INTEGER, timestamp INTEGER, message_type INTEGER, text_data TEXT);
INSERT INTO message VALUES (1,1,0,'3A000000000000000001',2,1709280000000,5,NULL), (2,1,0,'3A000000000000000002',3,1709280060000,16,NULL),
 (3,1,0,'3A000000000000000003',2,1709280120000,66,'which bread?'), (4,1,1,'3A000000000000000004',NULL,1709280180000,5,NULL);
CREATE TABLE message_location (message_row_id INTEGER PRIMARY KEY, chat_row_id INTEGER, latitude REAL, longitude REAL, place_name TEXT, place_address TEXT, url TEXT, live_location_share_duration INTEGER, live_location_sequence_number INTEGER, live_location_final_latitude REAL, live_location_final_longitude REAL, live_location_final_timestamp INTEGER);
INSERT INTO message_location VALUES (1,1,48.858222,2.2945,'A tower',NULL,NULL,NULL,NULL,NULL,NULL,NULL), (2,1,48.85,2.29,NULL,NULL,NULL,900,4,48.86,2.3,1709280960000), (4,1,448.0,2.3,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE message_poll (message_row_id INTEGER PRIMARY KEY, enc_key BLOB, selectable_options_count INTEGER);
INSERT INTO message_poll VALUES (3,NULL,0);
CREATE TABLE message_poll_option (_id INTEGER PRIMARY KEY AUTOINCREMENT, message_row_id INTEGER, option_sha256 TEXT, option_name TEXT, vote_total INTEGER);
INSERT INTO message_poll_option VALUES (1,3,'x','rye',2), (2,3,'y','wheat',1), (3,3,'z','spelt',0);
CREATE TABLE message_add_on (_id INTEGER PRIMARY KEY, chat_row_id INTEGER, from_me INTEGER, key_id TEXT, sender_jid_row_id INTEGER, parent_message_row_id INTEGER, timestamp INTEGER, status INTEGER, message_add_on_type INTEGER);
INSERT INTO message_add_on VALUES (1,1,0,'V1',3,3,1709280130000,0,67), (2,1,1,'V2',NULL,3,1709280140000,0,67), (3,1,0,'P1',2,3,1709280150000,0,79);
CREATE TABLE message_add_on_poll_vote (message_add_on_row_id INTEGER PRIMARY KEY, sender_timestamp INTEGER);
INSERT INTO message_add_on_poll_vote VALUES (1,1709280130000), (2,1709280140000);
CREATE TABLE message_add_on_poll_vote_selected_option (_id INTEGER PRIMARY KEY AUTOINCREMENT, message_add_on_row_id INTEGER, message_poll_option_id INTEGER);
INSERT INTO message_add_on_poll_vote_selected_option VALUES (1,1,1), (2,2,1), (3,2,2);
