"""Generated conversations in the formats that bench/readers.py measures, of any length.

usage: python bench/conversations.py FORMAT MESSAGES FILE
"""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import random
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from clew.demo.database import schema

MEMBERS = 135
WORDS = ["loaf", "rye", "wheat", "oven", "train", "platform", "seed", "flour", "tray", "salt"]
STARTED = 1_700_000_000
CHANCE = random.Random(11)


_FOR_PEERS = """
CREATE TABLE message_location (message_row_id INTEGER PRIMARY KEY, latitude REAL, longitude REAL);
CREATE TABLE message_thumbnail (message_row_id INTEGER PRIMARY KEY, thumbnail BLOB);
CREATE TABLE message_future (message_row_id INTEGER PRIMARY KEY, version INTEGER);
CREATE TABLE message_ephemeral (message_row_id INTEGER PRIMARY KEY, duration INTEGER);
CREATE TABLE message_system_group (message_row_id INTEGER PRIMARY KEY, is_me_joined INTEGER);
CREATE TABLE missed_call_logs (_id INTEGER PRIMARY KEY, message_row_id INTEGER, video_call INTEGER);
CREATE TABLE media_hash_thumbnail (media_hash TEXT PRIMARY KEY, thumbnail BLOB);
ALTER TABLE message_media ADD COLUMN media_key BLOB;
"""
_FOR_PEERS_IOS = """
ALTER TABLE ZWAMEDIAITEM ADD COLUMN ZMEDIAURL VARCHAR;
ALTER TABLE ZWAMEDIAITEM ADD COLUMN ZMEDIAKEY BLOB;
CREATE TABLE ZWAPROFILEPUSHNAME (Z_PK INTEGER PRIMARY KEY, ZJID VARCHAR, ZPUSHNAME VARCHAR);
CREATE TABLE ZWAVCARDMENTION (Z_PK INTEGER PRIMARY KEY, ZMEDIAITEM INTEGER);
CREATE TABLE ZWACDCALLEVENT (Z_PK INTEGER PRIMARY KEY);
"""
"""Tables that a peer wants to be there, though they be empty."""


def spoken(messages: int) -> Iterator[tuple[int, int, str, int]]:
    """Number, sender (0 is the holder of the device), text, and time in milliseconds."""
    for number in range(1, messages + 1):
        text = " ".join(CHANCE.choices(WORDS, k=CHANCE.randint(1, 20)))
        if number % 33 == 0:
            text += " https://example.org/bread"
        yield number, CHANCE.randrange(MEMBERS), text, (STARTED + number * 7) * 1000


def key(number: int) -> str:
    return f"3A{number:018X}"


def hashed(number: int) -> str:
    return base64.b64encode(hashlib.sha256(str(number % 9973).encode()).digest()).decode()


def whatsapp_ios(path: Path, messages: int) -> None:
    """ChatStorage.sqlite: a tenth with files, a third with receipts, some with reactions."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(
            """
            CREATE TABLE ZWACHATSESSION (Z_PK INTEGER PRIMARY KEY, ZCONTACTJID VARCHAR,
              ZPARTNERNAME VARCHAR, ZGROUPINFO INTEGER);
            CREATE TABLE ZWAGROUPMEMBER (Z_PK INTEGER PRIMARY KEY, ZISACTIVE INTEGER,
              ZISADMIN INTEGER, ZCHATSESSION INTEGER, ZMEMBERJID VARCHAR);
            CREATE TABLE ZWAMESSAGEINFO (Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER,
              ZRECEIPTINFO BLOB);
            CREATE TABLE ZWAMEDIAITEM (Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER,
              ZFILESIZE INTEGER, ZMEDIALOCALPATH VARCHAR, ZTITLE VARCHAR, ZVCARDNAME VARCHAR,
              ZVCARDSTRING VARCHAR, ZMETADATA BLOB);
            CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, Z_OPT INTEGER,
              ZFLAGS INTEGER, ZGROUPEVENTTYPE INTEGER, ZISFROMME INTEGER, ZMESSAGESTATUS INTEGER,
              ZMESSAGETYPE INTEGER, ZSTARRED INTEGER, ZCHATSESSION INTEGER, ZGROUPMEMBER INTEGER,
              ZMEDIAITEM INTEGER, ZMESSAGEINFO INTEGER, ZPARENTMESSAGE INTEGER,
              ZMESSAGEDATE TIMESTAMP, ZSENTDATE TIMESTAMP, ZFROMJID VARCHAR, ZSTANZAID VARCHAR,
              ZTEXT VARCHAR);
            INSERT INTO ZWACHATSESSION VALUES (1, '120363000000000001@g.us', 'Bread', NULL);
            """
            + _FOR_PEERS_IOS
        )
        members = [
            (n, 1, n % 9 == 0, 1, f"4477009{n:05}@s.whatsapp.net") for n in range(1, MEMBERS)
        ]
        db.executemany("INSERT INTO ZWAGROUPMEMBER VALUES (?, ?, ?, ?, ?)", members)
        reaction = bytes.fromhex("3a0e0a0c1a04f09f918d200120012001")
        for number, sender, text, at in spoken(messages):
            file = number if number % 10 == 0 else None
            receipt = number if number % 3 == 0 else None
            if file:
                db.execute(
                    "INSERT INTO ZWAMEDIAITEM VALUES (?,?,?,?,NULL,?,'image/jpeg',?,NULL,NULL)",
                    (file, number, 1000 + number, f"Media/{number}.jpg", hashed(number),
                     b"\x88\x01\x03" if number % 50 == 0 else None),
                )  # fmt: skip
            if receipt:
                held = reaction if number % 60 == 0 else b"\x0a\x02\x08\x01\x10\x02"
                db.execute("INSERT INTO ZWAMESSAGEINFO VALUES (?, ?, ?)", (receipt, number, held))
            db.execute(
                "INSERT INTO ZWAMESSAGE VALUES (?,9,3,0,0,?,8,?,0,1,?,?,?,NULL,?,NULL,?,?,?)",
                (number, sender == 0, 1 if file else 0, sender or None, file, receipt,
                 at / 1000 - 978_307_200, "120363000000000001@g.us" if sender else None,
                 key(number), None if file else text),
            )  # fmt: skip
        db.commit()


def whatsapp_android(path: Path, messages: int) -> None:
    """msgstore.db of 2022 and later: a tenth with files, all by their numbers."""
    group = "120363000000000001@g.us"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(schema("whatsapp_modern") + _FOR_PEERS)
        jid = "INSERT INTO jid (_id, user, server, agent, device, type, raw_string) "
        jid += "VALUES (?, ?, ?, 0, 0, ?, ?)"
        db.execute(jid, (1, group.partition("@")[0], "g.us", 1, group))
        for n in range(MEMBERS):
            number = f"4477009{n:05}"
            db.execute(jid, (n + 2, number, "s.whatsapp.net", 0, f"{number}@s.whatsapp.net"))
        db.execute("INSERT INTO chat (_id, jid_row_id, hidden, subject) VALUES (1, 1, 0, 'Bread')")
        for number, sender, text, at in spoken(messages):
            file = number % 10 == 0
            db.execute(
                "INSERT INTO message (_id, chat_row_id, from_me, key_id, sender_jid_row_id, "
                "status, timestamp, received_timestamp, message_type, text_data, starred, sort_id) "
                "VALUES (?, 1, ?, ?, ?, 13, ?, ?, ?, ?, 0, ?)",
                (number, sender == 0, key(number), sender + 2 if sender else None, at, at + 300,
                 1 if file else 0, None if file else text, number),
            )  # fmt: skip
            if file:
                db.execute(
                    "INSERT INTO message_media (message_row_id, chat_row_id, file_path, file_size, "
                    "mime_type, file_hash) VALUES (?, 1, ?, ?, 'image/jpeg', ?)",
                    (number, f"Media/{number}.jpg", 1000 + number, hashed(number)),
                )
        db.commit()


def whatsapp_text(path: Path, messages: int) -> None:
    """A text export, as phones set to British English write it."""
    with path.open("w", encoding="utf-8") as file:
        for number, sender, text, at in spoken(messages):
            when = datetime.fromtimestamp(at // 1000, UTC).strftime("%d/%m/%Y, %H:%M")
            said = f"IMG-{number}.jpg (file attached)" if number % 10 == 0 else text
            file.write(f"{when} - baker {sender}: {said}\n")


def signal_android(path: Path, messages: int) -> None:
    """A decrypted database: a tenth with files, a fiftieth with reactions."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(
            """
            CREATE TABLE recipient (_id INTEGER PRIMARY KEY, e164 TEXT, aci TEXT, group_id TEXT,
              profile_joined_name TEXT);
            CREATE TABLE thread (_id INTEGER PRIMARY KEY, recipient_id INTEGER);
            CREATE TABLE groups (_id INTEGER PRIMARY KEY, group_id TEXT, title TEXT);
            CREATE TABLE message (_id INTEGER PRIMARY KEY, date_sent INTEGER,
              date_received INTEGER, thread_id INTEGER, from_recipient_id INTEGER, type INTEGER,
              body TEXT, quote_id INTEGER, quote_author INTEGER, quote_body TEXT);
            CREATE TABLE attachment (_id INTEGER PRIMARY KEY, message_id INTEGER,
              content_type TEXT, data_size INTEGER, file_name TEXT, quote INTEGER,
              display_order INTEGER, data_hash_end TEXT);
            CREATE INDEX attachment_message_id_index ON attachment (message_id);
            CREATE TABLE reaction (_id INTEGER PRIMARY KEY, message_id INTEGER, author_id INTEGER,
              emoji TEXT, date_sent INTEGER);
            INSERT INTO recipient VALUES (1000, NULL, NULL, '__signal_group__v2__!aa', NULL);
            INSERT INTO thread VALUES (1, 1000);
            INSERT INTO groups VALUES (1, '__signal_group__v2__!aa', 'Bread');
            """
        )
        for n in range(MEMBERS):
            aci = f"00000000-0000-4000-8000-{n:012}"
            db.execute("INSERT INTO recipient VALUES (?, ?, ?, NULL, ?)",
                       (n + 1, f"+4477009{n:05}", aci, f"baker {n}"))  # fmt: skip
        for number, sender, text, at in spoken(messages):
            file = number % 10 == 0
            db.execute(
                "INSERT INTO message VALUES (?, ?, ?, 1, ?, ?, ?, 0, 0, NULL)",
                (number, at, at + 300, sender + 1, 0xA00014 if sender else 0xA00017,
                 None if file else text),
            )  # fmt: skip
            if file:
                db.execute("INSERT INTO attachment VALUES (?, ?, 'image/jpeg', 9, ?, 0, 0, ?)",
                           (number, number, f"{number}.jpg", hashed(number)))  # fmt: skip
            if number % 50 == 0:
                db.execute("INSERT INTO reaction VALUES (?, ?, 2, 'x', ?)", (number, number, at))
        db.commit()


def signal_data_json(path: Path, messages: int) -> None:
    """A chat as signal-export writes it, a line a message."""
    with path.open("w", encoding="utf-8") as file:
        for number, sender, text, at in spoken(messages):
            files = [{"name": "loaf.jpg", "path": "media/loaf.jpg"}] if number % 10 == 0 else []
            day = f"2024-03-{1 + at // 86_400_000 % 28:02}T09:00:{number % 60:02}.000500"
            who = f"baker {sender}" if sender else "Me"
            line = {"date": day, "sender": who, "body": text + "  ", "quote": "",
                    "sticker": None, "reactions": [], "attachments": files}  # fmt: skip
            file.write(json.dumps(line) + "\n")


def signal_jsonl(path: Path, messages: int) -> None:
    """Signal's own plaintext export, a frame a line."""
    with path.open("w", encoding="utf-8") as file:

        def write(**frame: object) -> None:
            file.write(json.dumps(frame) + "\n")

        write(version="1", backupTimeMs="1709290000000")
        write(recipient={"id": "1", "self": {}})
        for n in range(1, MEMBERS):
            aci = base64.b64encode(n.to_bytes(16, "big")).decode()
            write(recipient={"id": str(n + 1), "contact": {"aci": aci, "e164": f"4477009{n:05}"}})
        group = {"masterKey": base64.b64encode(bytes(range(32))).decode(), "snapshot": {}}
        write(recipient={"id": "1000", "group": group})
        write(chat={"id": "1", "recipientId": "1000"})
        for number, sender, text, at in spoken(messages):
            way = {"incoming": {"dateReceived": str(at + 300)}} if sender else {"outgoing": {}}
            body: dict[str, object] = {"text": {"body": text}}
            if number % 10 == 0:
                place = {"plaintextHash": hashed(number), "size": 9}
                pointer = {"contentType": "image/jpeg", "locatorInfo": place}
                body = {"attachments": [{"pointer": pointer, "flag": "NONE"}]}
            item = {"chatId": "1", "authorId": str(sender + 1), "dateSent": str(at),
                    "standardMessage": body}  # fmt: skip
            write(chatItem=item | way)


_LEAPP = ("Timestamp", "Direction", "Sender Name", "Chat Name", "Message", "Attachment File",
          "From ID", "Chat ID")  # fmt: skip


def stated(messages: int) -> Iterator[tuple[int, *tuple[str, ...]]]:
    """Messages of WhatsApp as iLEAPP states them."""
    for number, sender, text, at in spoken(messages):
        jid = f"4477009{sender:05}@s.whatsapp.net" if sender else ""
        file = f"Media/{number}.jpg" if number % 10 == 0 else ""
        way = "Incoming" if sender else "Outgoing"
        yield (at // 1000, way, f"baker {sender}", "Bread", text, file, jid,
               "120363000000000001@g.us")  # fmt: skip


def leapp_lava(path: Path, messages: int) -> None:
    """The database of a run of iLEAPP."""
    columns = ", ".join(name.lower().replace(" ", "_") for name in _LEAPP)
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"CREATE TABLE whatsappmessages ({columns})")
        db.executemany("INSERT INTO whatsappmessages VALUES (?,?,?,?,?,?,?,?)", stated(messages))
        db.commit()


def leapp_tsv(path: Path, messages: int) -> None:
    """A TSV file of such a run."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file, delimiter="\t")
        lines.writerow(_LEAPP)
        for at, *rest in stated(messages):
            lines.writerow((f"{datetime.fromtimestamp(at, UTC)}", *rest))


FORMATS = {
    "whatsapp-android": (whatsapp_android, "msgstore.db"),
    "whatsapp-text": (whatsapp_text, "WhatsApp Chat with Bread.txt"),
    "whatsapp-ios": (whatsapp_ios, "ChatStorage.sqlite"),
    "signal-android": (signal_android, "signal.db"),
    "signal-data-json": (signal_data_json, "data.json"),
    "signal-jsonl": (signal_jsonl, "main.jsonl"),
    "leapp-lava": (leapp_lava, "_lava_artifacts.db"),
    "leapp-tsv": (leapp_tsv, "WhatsApp - Messages.tsv"),
}


def main() -> None:
    """Write one file."""
    name, messages, path = sys.argv[1:]
    FORMATS[name][0](Path(path), int(messages))


if __name__ == "__main__":
    main()
