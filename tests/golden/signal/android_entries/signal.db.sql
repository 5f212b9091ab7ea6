-- Recipients 2 and 3 are two numbers of one entry of the phone's address book.
CREATE TABLE recipient (_id INTEGER PRIMARY KEY, type INTEGER, e164 TEXT, aci TEXT, system_joined_name TEXT, system_contact_uri TEXT);
INSERT INTO recipient VALUES (1,0,'+447700900001','11110000-0000-4000-8000-000000000001',NULL,NULL),
 (2,0,'+447700900002','11110000-0000-4000-8000-000000000002','Ben','content://com.android.contacts/contacts/lookup/0r17-2D3B/17'),
 (3,0,'+447700900003','11110000-0000-4000-8000-000000000003','Ben','content://com.android.contacts/contacts/lookup/0r17-2D3B/17'),
 (4,0,'+447700900004','11110000-0000-4000-8000-000000000004','Cleo','content://com.android.contacts/contacts/lookup/0r18-2D4B/18');
CREATE TABLE thread (_id INTEGER PRIMARY KEY, recipient_id INTEGER, archived INTEGER);
INSERT INTO thread VALUES (1,2,0);
CREATE TABLE message (_id INTEGER PRIMARY KEY, date_sent INTEGER, date_received INTEGER, date_server INTEGER, thread_id INTEGER, from_recipient_id INTEGER, to_recipient_id INTEGER, type INTEGER, body TEXT);
INSERT INTO message VALUES (1,1709280100000,1709280100500,1709280100200,1,2,1,10485780,'hello');
