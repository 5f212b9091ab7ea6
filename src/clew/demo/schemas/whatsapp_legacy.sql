-- WhatsApp for Android, msgstore.db as it was before 2019
CREATE TABLE messages (_id INTEGER PRIMARY KEY, key_remote_jid TEXT NOT NULL, key_from_me INTEGER,
  key_id TEXT NOT NULL, status INTEGER, needs_push INTEGER, data TEXT, timestamp INTEGER,
  media_url TEXT, media_mime_type TEXT, media_wa_type TEXT, media_size INTEGER, media_name TEXT,
  media_caption TEXT, media_hash TEXT, media_duration INTEGER, origin INTEGER, thumb_image TEXT,
  remote_resource TEXT, received_timestamp INTEGER, receipt_server_timestamp INTEGER,
  recipient_count INTEGER, starred INTEGER, quoted_row_id INTEGER, mentioned_jids TEXT,
  edit_version INTEGER, media_enc_hash TEXT, forwarded INTEGER);
CREATE TABLE messages_quotes (_id INTEGER PRIMARY KEY, key_remote_jid TEXT NOT NULL,
  key_from_me INTEGER, key_id TEXT NOT NULL, data TEXT, timestamp INTEGER, remote_resource TEXT);
CREATE TABLE chat_list (_id INTEGER PRIMARY KEY, key_remote_jid TEXT UNIQUE,
  message_table_id INTEGER,
  subject TEXT, creation INTEGER, archived INTEGER, sort_timestamp INTEGER);
CREATE TABLE group_participants (_id INTEGER PRIMARY KEY, gjid TEXT NOT NULL, jid TEXT NOT NULL,
  admin INTEGER, pending INTEGER, sent_sender_key INTEGER);
CREATE TABLE group_participants_history (_id INTEGER PRIMARY KEY, timestamp DATETIME NOT NULL,
  gjid TEXT NOT NULL, jid TEXT NOT NULL, action INTEGER NOT NULL, old_phash TEXT NOT NULL,
  new_phash TEXT NOT NULL);
CREATE TABLE receipts (_id INTEGER PRIMARY KEY, key_remote_jid TEXT NOT NULL,
  key_id TEXT NOT NULL,
  remote_resource TEXT, receipt_device_timestamp INTEGER, read_device_timestamp INTEGER,
  played_device_timestamp INTEGER);
CREATE TABLE media_refs (_id INTEGER PRIMARY KEY, path TEXT UNIQUE, ref_count INTEGER);
CREATE TABLE props (_id INTEGER PRIMARY KEY, key TEXT UNIQUE, value TEXT);
INSERT INTO messages (_id, key_remote_jid, key_id, status, data, timestamp, media_wa_type)
  VALUES (1, '-1', '-1', -1, NULL, 0, '-1');
