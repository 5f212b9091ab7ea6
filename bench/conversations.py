"""Generated conversations in the formats that bench/readers.py measures, of any length.

usage: python bench/conversations.py FORMAT MESSAGES FILE
"""

from __future__ import annotations

import base64
import hashlib
import random
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
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


FORMATS = {"whatsapp-ios": (whatsapp_ios, "ChatStorage.sqlite")}


def main() -> None:
    """Write one file."""
    name, messages, path = sys.argv[1:]
    FORMATS[name][0](Path(path), int(messages))


if __name__ == "__main__":
    main()
