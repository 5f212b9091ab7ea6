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

MEMBERS = 135
WORDS = ["loaf", "rye", "wheat", "oven", "train", "platform", "seed", "flour", "tray", "salt"]
STARTED = 1_700_000_000
CHANCE = random.Random(11)


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
              ZPARTNERNAME VARCHAR);
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
            INSERT INTO ZWACHATSESSION VALUES (1, '120363000000000001@g.us', 'Bread');
            """
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
                    "INSERT INTO ZWAMEDIAITEM VALUES (?, ?, ?, ?, NULL, ?, 'image/jpeg', ?)",
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
