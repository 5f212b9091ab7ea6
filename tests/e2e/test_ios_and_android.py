"""One conversation on an iPhone and on an Android phone merges into exactly what was said."""

from __future__ import annotations

import base64
import hashlib
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from run_cli import run_cli

import clew
from clew.demo.database import schema

GROUP = "120363000000000001@g.us"
ANA, BEN, CLEO = ("447700900001", "447700900002", "447700900003")
"""Ana holds the iPhone, Ben the Android phone; Cleo is in the group and has neither."""
CODE = "AbCdEfGhIjKlMnOpQrStUv"
APPLE = 978_307_200
IOS = """
CREATE TABLE ZWACHATSESSION (Z_PK INTEGER PRIMARY KEY, ZSESSIONTYPE INTEGER, ZGROUPINFO INTEGER,
  ZCONTACTJID VARCHAR, ZPARTNERNAME VARCHAR);
CREATE TABLE ZWAGROUPMEMBER (Z_PK INTEGER PRIMARY KEY, ZISACTIVE INTEGER, ZISADMIN INTEGER,
  ZCHATSESSION INTEGER, ZMEMBERJID VARCHAR);
CREATE TABLE ZWAMEDIAITEM (Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER, ZMEDIALOCALPATH VARCHAR,
  ZVCARDNAME VARCHAR, ZVCARDSTRING VARCHAR);
CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, Z_OPT INTEGER,
  ZDATAITEMVERSION INTEGER, ZDOCID INTEGER, ZFLAGS INTEGER, ZGROUPEVENTTYPE INTEGER,
  ZISFROMME INTEGER, ZMESSAGESTATUS INTEGER, ZMESSAGETYPE INTEGER, ZSORT INTEGER, ZSTARRED INTEGER,
  ZCHATSESSION INTEGER, ZGROUPMEMBER INTEGER, ZMEDIAITEM INTEGER, ZMESSAGEINFO INTEGER,
  ZMESSAGEDATE TIMESTAMP, ZSENTDATE TIMESTAMP, ZFROMJID VARCHAR, ZSTANZAID VARCHAR, ZTEXT VARCHAR,
  ZTOJID VARCHAR);
"""


def jid(number: str) -> str:
    return f"{number}@s.whatsapp.net"


def said() -> list[dict]:
    """What was said: in the group, and between Ana and Ben, who both have it."""
    chance = random.Random(7)
    messages = []
    for number in range(200):
        in_group = number % 3 > 0
        image = number % 10 == 0
        messages.append(
            {
                "key": f"3A{chance.getrandbits(72):018X}",
                "chat": GROUP if in_group else "two",
                "sender": chance.choice((ANA, BEN, CLEO) if in_group else (ANA, BEN)),
                "text": None if image else f"loaf {number} of rye",
                "hash": hashlib.sha256(f"loaf {number}".encode()).digest() if image else None,
                "at": 1_709_280_000 + number * 61,
            }
        )
    return messages


def iphone(path: Path, messages: list[dict]) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.executescript(IOS)
        db.execute("INSERT INTO ZWACHATSESSION VALUES (1, 1, NULL, ?, 'Bread')", (GROUP,))
        db.execute("INSERT INTO ZWACHATSESSION VALUES (2, 0, NULL, ?, 'Ben')", (jid(BEN),))
        members = {BEN: 2, CLEO: 3}
        for who, row in members.items():
            db.execute("INSERT INTO ZWAGROUPMEMBER VALUES (?, 1, 0, 1, ?)", (row, jid(who)))
        for row, m in enumerate(messages, 1):
            mine = m["sender"] == ANA
            member = members.get(m["sender"]) if m["chat"] == GROUP else None
            other = None if mine else (GROUP if m["chat"] == GROUP else jid(BEN))
            if m["hash"]:
                stored = base64.b64encode(m["hash"]).decode()
                file = (row, row, f"Media/{row}.jpg", stored, "image/jpeg")
                db.execute("INSERT INTO ZWAMEDIAITEM VALUES (?, ?, ?, ?, ?)", file)
            values = (
                row, mine, 1 if m["hash"] else 0, 1 if m["chat"] == GROUP else 2, member,
                row if m["hash"] else None, m["at"] - APPLE, other, m["key"], m["text"],
            )  # fmt: skip
            db.execute(
                "INSERT INTO ZWAMESSAGE (Z_PK, ZISFROMME, ZMESSAGETYPE, ZCHATSESSION, "
                "ZGROUPMEMBER, ZMEDIAITEM, ZMESSAGEDATE, ZFROMJID, ZSTANZAID, ZTEXT, Z_ENT, Z_OPT, "
                "ZDATAITEMVERSION, ZDOCID, ZFLAGS, ZMESSAGESTATUS, ZSORT) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 9, 3, 3, 0, 0, 8, 1)",
                values,
            )
        db.commit()


def android(path: Path, messages: list[dict]) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.executescript(schema("whatsapp_modern"))
        rows = {jid(ANA): 1, jid(CLEO): 3, GROUP: 4}
        for address, row in rows.items():
            db.execute("INSERT INTO jid (_id, raw_string) VALUES (?, ?)", (row, address))
        db.execute(
            "INSERT INTO chat (_id, jid_row_id, subject) VALUES (1, 4, 'Bread'), (2, 1, NULL)"
        )
        for row, m in enumerate(messages, 1):
            mine = m["sender"] == BEN
            sender = None if mine or m["chat"] != GROUP else rows[jid(m["sender"])]
            db.execute(
                "INSERT INTO message (_id, chat_row_id, from_me, key_id, sender_jid_row_id, "
                "timestamp, message_type, text_data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (row, 1 if m["chat"] == GROUP else 2, mine, m["key"], sender,
                 m["at"] * 1000 + 250, 1 if m["hash"] else 0, m["text"]),
            )  # fmt: skip
            if m["hash"]:
                db.execute(
                    "INSERT INTO message_media (message_row_id, file_hash) VALUES (?, ?)",
                    (row, base64.b64encode(m["hash"]).decode()),
                )
        db.commit()


def ran(*words: object) -> None:
    done = run_cli(*words)
    assert done.returncode in (0, 1), done.stderr


@pytest.fixture(scope="module")
def merged(tmp_path_factory):
    folder, messages = tmp_path_factory.mktemp("two-phones"), said()
    for name in ("iphone", "android"):
        (folder / name).mkdir()
    iphone(folder / "iphone" / "ChatStorage.sqlite", messages)
    android(folder / "android" / "msgstore.db", messages)
    case = folder / "case"
    ran("new", case, "--title", "Two phones", "--authority", "tests")
    for name in ("iphone", "android"):
        given = ("--exhibit", name, "--kind", "phone", "--country", "ES")
        ran("add", case, folder / name, *given)
    ran("run", case)
    with clew.open(case) as opened:
        yield opened, messages


def test_each_message_stands_once_with_both_phones_as_witnesses(merged) -> None:
    case, messages = merged
    rows = case.rows("SELECT message_key, witnesses, texts FROM merged_messages")
    assert len(rows) == len(messages)
    assert {r["message_key"].rpartition("/")[2] for r in rows} == {m["key"] for m in messages}
    assert {tuple(r["witnesses"]) for r in rows} == {("android", "iphone")}
    assert max(r["texts"] for r in rows) == 1


def test_a_sender_is_known_from_whichever_phone_did_not_send_it(merged) -> None:
    case, messages = merged
    rows = case.rows("SELECT message_key, sender_account_id FROM merged_messages")
    found = {r["message_key"].rpartition("/")[2]: r["sender_account_id"] for r in rows}
    assert found == {m["key"]: f"whatsapp:pn:{m['sender']}" for m in messages}


def test_a_file_has_one_hash_on_both_phones(merged) -> None:
    case, messages = merged
    rows = case.rows("SELECT sha256, count(DISTINCT exhibit_id) AS n FROM shares GROUP BY 1")
    assert {r["sha256"]: r["n"] for r in rows} == {
        m["hash"].hex(): 2 for m in messages if m["hash"]
    }


def test_deleted_messages_of_an_iphone_come_back_labelled(tmp_path) -> None:
    messages = said()
    messages[6]["text"] = f"join https://chat.whatsapp.com/{CODE}"
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "ChatStorage.sqlite"
    iphone(path, messages)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA secure_delete=OFF")
        db.execute("DELETE FROM ZWAMESSAGE WHERE Z_PK % 7 = 0")
    ran("new", tmp_path / "case", "--title", "t", "--authority", "tests")
    given = ("--exhibit", "iphone", "--kind", "phone", "--country", "ES")
    ran("add", tmp_path / "case", tmp_path / "in", *given)
    ran("run", tmp_path / "case")
    gone = {m["key"]: m for row, m in enumerate(messages, 1) if row % 7 == 0}
    with clew.open(tmp_path / "case") as case:
        live = {r["message_key"].rpartition("/")[2] for r in case.rows("FROM messages")}
        back = {
            r["message_key"].rpartition("/")[2]: r for r in case.rows("FROM recovered_messages")
        }
        (row,) = case.rows("SELECT count(*) AS n FROM recovered_rows WHERE source_table = $name",
                           name="ZWAMESSAGE")  # fmt: skip
        invited = case.rows("SELECT code, state, seen, recovered FROM invite_targets")
        postings = case.rows("SELECT state, person_id, event_ids FROM invite_postings")
        in_live = case.rows("FROM invites")
    assert live == {m["key"] for m in messages} - set(gone)
    assert set(back) <= set(gone)
    assert len(back) == row["n"] > len(gone) / 2
    assert all(back[key]["text"] == gone[key]["text"] for key in back)

    assert invited == [{"code": CODE, "state": "recovered", "seen": 0, "recovered": 1}]
    assert [p["state"] for p in postings] == ["recovered"]
    assert in_live == []

    others = {key: m for key, m in back.items() if not m["from_owner"]}
    wanted = {key: f"whatsapp:pn:{gone[key]['sender']}" for key in others}
    assert {key: m["sender_account_id"] for key, m in others.items()} == wanted
