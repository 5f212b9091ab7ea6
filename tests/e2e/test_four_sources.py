"""One conversation as four sources hold it: three with ids merge exactly, the export is judged."""

from __future__ import annotations

import base64
import hashlib
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import pytest
from steps import take_in

from clew import pipeline
from clew.casefile import Case, create_case
from clew.casefile.engine import Progress
from clew.demo.database import schema
from clew.evidence.describe import described

GROUP = "120363000000000001@g.us"
ANA, BEN, CLEO, DAN = ("447700900001", "447700900002", "447700900003", "447700900004")
"""Ana has the iPhone, Ben the Android phone, Cleo the phone of the report; Dan made the export."""
HIDDEN = {CLEO: "111222333444555"}
"""Whom the iPhone knows by a hidden id."""
LABELS = {ANA: "Ana Pan", BEN: "Ben", CLEO: "+44 7700 900003", DAN: "Dan"}
APPLE = 978_307_200
MADRID = ZoneInfo("Europe/Madrid")
KINDS = ("text", "short", "image", "captioned", "lines", "deleted", "edited", "link")
WEIGHTS = (58, 14, 7, 4, 5, 3, 5, 4)


class Said(NamedTuple):
    """A message of the conversation."""

    key: str
    sender: str
    kind: str
    text: str | None
    at: int

    @property
    def picture(self) -> bytes | None:
        """SHA-256 of its picture."""
        return hashlib.sha256(self.key.encode()).digest() if "image" in self.shape else None

    @property
    def shape(self) -> str:
        return "image" if self.kind in ("image", "captioned") else self.kind


def conversation(chance: random.Random, many: int = 700) -> Iterator[Said]:
    """Bursts of a few seconds and pauses of hours, through the change to summer time."""
    at = int(datetime(2024, 3, 20, 8, tzinfo=UTC).timestamp())
    for number in range(many):
        at += chance.choice((3, 8, 25, 70, 400, 9_000))
        kind = chance.choices(KINDS, WEIGHTS)[0]
        loaf = f"hogaza {number} de {chance.choice(('centeno', 'trigo', 'espelta'))}"
        text = {
            "short": chance.choice(("ok", "vale", "jaja", "👍")),
            "image": None,
            "deleted": None,
            "lines": f"{loaf}\ny otra {number}",
            "link": f"{loaf} https://example.org/{number}",
        }.get(kind, loaf)
        key = f"3A{chance.getrandbits(72):018X}"
        yield Said(key, chance.choice((ANA, BEN, CLEO, DAN)), kind, text, at)


def jid(number: str) -> str:
    return f"{number}@s.whatsapp.net"


def stored(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def android(folder: Path, messages: list[Said]) -> None:
    with closing(sqlite3.connect(folder / "msgstore.db")) as db:
        db.executescript(schema("whatsapp_modern"))
        rows = {jid(who): row for row, who in enumerate((ANA, CLEO, DAN), 2)}
        addresses = [(1, GROUP), *((row, address) for address, row in rows.items())]
        db.executemany("INSERT INTO jid (_id, raw_string) VALUES (?, ?)", addresses)
        db.execute("INSERT INTO chat (_id, jid_row_id, subject) VALUES (1, 1, 'Pan')")
        for row, m in enumerate(messages, 1):
            kind = {"image": 1, "deleted": 15}.get(m.shape, 0)
            db.execute(
                "INSERT INTO message (_id, chat_row_id, from_me, key_id, sender_jid_row_id, "
                "timestamp, message_type, text_data) VALUES (?, 1, ?, ?, ?, ?, ?, ?)",
                (row, m.sender == BEN, m.key, rows.get(jid(m.sender)), m.at * 1000 + 250, kind,
                 m.text),
            )  # fmt: skip
            if m.picture:
                db.execute(
                    "INSERT INTO message_media (message_row_id, file_hash, mime_type) "
                    "VALUES (?, ?, 'image/jpeg')",
                    (row, stored(m.picture)),
                )
        db.commit()


IOS = """
CREATE TABLE ZWACHATSESSION (Z_PK INTEGER PRIMARY KEY, ZSESSIONTYPE INTEGER, ZCONTACTJID VARCHAR,
  ZPARTNERNAME VARCHAR);
CREATE TABLE ZWAGROUPMEMBER (Z_PK INTEGER PRIMARY KEY, ZISACTIVE INTEGER, ZISADMIN INTEGER,
  ZCHATSESSION INTEGER, ZMEMBERJID VARCHAR);
CREATE TABLE ZWAMEDIAITEM (Z_PK INTEGER PRIMARY KEY, ZMESSAGE INTEGER, ZMEDIALOCALPATH VARCHAR,
  ZVCARDNAME VARCHAR, ZVCARDSTRING VARCHAR, ZTITLE VARCHAR);
CREATE TABLE ZWAMESSAGE (Z_PK INTEGER PRIMARY KEY, ZFLAGS INTEGER, ZISFROMME INTEGER,
  ZMESSAGETYPE INTEGER, ZCHATSESSION INTEGER, ZGROUPMEMBER INTEGER, ZMEDIAITEM INTEGER,
  ZMESSAGEDATE TIMESTAMP, ZFROMJID VARCHAR, ZSTANZAID VARCHAR, ZTEXT VARCHAR);
"""


def iphone(folder: Path, messages: list[Said]) -> None:
    with closing(sqlite3.connect(folder / "LID.sqlite")) as db:
        db.execute(
            "CREATE TABLE ZWAZACCOUNT (Z_PK INTEGER PRIMARY KEY, ZIDENTIFIER VARCHAR, "
            "ZPHONENUMBER VARCHAR)"
        )
        for number, hidden in HIDDEN.items():
            db.execute("INSERT INTO ZWAZACCOUNT VALUES (1, ?, ?)", (f"{hidden}@lid", number))
        db.commit()
    with closing(sqlite3.connect(folder / "ChatStorage.sqlite")) as db:
        db.executescript(IOS)
        db.execute("INSERT INTO ZWACHATSESSION VALUES (1, 1, ?, 'Pan')", (GROUP,))
        members = {who: row for row, who in enumerate((BEN, CLEO, DAN), 1)}
        for who, row in members.items():
            address = f"{HIDDEN[who]}@lid" if who in HIDDEN else jid(who)
            db.execute("INSERT INTO ZWAGROUPMEMBER VALUES (?, 1, 0, 1, ?)", (row, address))
        for row, m in enumerate(messages, 1):
            mine, kind = m.sender == ANA, {"image": 1, "deleted": 14}.get(m.shape, 0)
            if m.picture:
                db.execute(
                    "INSERT INTO ZWAMEDIAITEM VALUES (?, ?, ?, ?, 'image/jpeg', ?)",
                    (row, row, f"Media/{row}.jpg", stored(m.picture), m.text),
                )
            db.execute(
                "INSERT INTO ZWAMESSAGE VALUES (?, 0, ?, ?, 1, ?, ?, ?, ?, ?, ?)",
                (row, mine, kind, members.get(m.sender), row if m.picture else None,
                 m.at - APPLE + 0.25, None if mine else GROUP, m.key,
                 None if m.picture else m.text),
            )  # fmt: skip
        db.commit()


def field(name: str, value: object) -> str:
    return f'<field name="{name}" type="String"><value>{escape(str(value))}</value></field>'


def party(number: str) -> str:
    told = field("Identifier", jid(number)) + field("IsPhoneOwner", number == CLEO)
    return f'<model type="Party" id="p{number}">{told}</model>'


def report(folder: Path, messages: list[Said]) -> None:
    files, within = [], []
    for n, m in enumerate(messages):
        attached = ""
        if m.picture:
            files.append(
                f'<file id="f{n}" path="/sdcard/{n}.jpg" size="160"><metadata section="File">'
                f'<item name="SHA256">{m.picture.hex()}</item></metadata></file>'
            )
            attached = (
                f'<model type="Attachment" id="a{n}" deleted_state="Intact" file_id="f{n}">'
                f"{field('Filename', f'{n}.jpg')}{field('ContentType', 'image/jpeg')}</model>"
            )
        stamp = datetime.fromtimestamp(m.at, UTC).isoformat(timespec="milliseconds")
        within.append(
            f'<model type="InstantMessage" id="m{n}" deleted_state="Intact">'
            f'<modelField name="From" type="Party">{party(m.sender)}</modelField>'
            f"{field('Body', m.text or '')}{field('Identifier', m.key)}{field('TimeStamp', stamp)}"
            f'<multiModelField name="Attachments">{attached}</multiModelField></model>'
        )
    (folder / "report.xml").write_text(
        '<?xml version="1.0" encoding="utf-8"?><project reportVersion="5.2" '
        f'xmlns="http://pa.cellebrite.com/report/2.0"><taggedFiles>{"".join(files)}</taggedFiles>'
        f'<decodedData><model type="Chat" id="c1" deleted_state="Intact">'
        f"{field('Source', 'WhatsApp')}{field('Id', GROUP)}{field('Name', 'Pan')}"
        f'<multiModelField name="Participants">{"".join(map(party, LABELS))}</multiModelField>'
        f'<multiModelField name="Messages">{"".join(within)}</multiModelField></model>'
        "</decodedData></project>",
        encoding="utf-8",
    )


def export(folder: Path, messages: list[Said]) -> dict[str, str]:
    """Dan's export without media, in local time; the key of each of its lines that is a message."""
    lines = [
        "20/3/24, 8:55 - Los mensajes y las llamadas están cifrados de extremo a extremo.",
        "20/3/24, 8:56 - Ana Pan creó el grupo “Pan”",
    ]
    keys = {}
    for m in messages:
        local = datetime.fromtimestamp(m.at, MADRID)
        body = {
            "image": "<Multimedia omitido>",
            "captioned": f"<Multimedia omitido>\n{m.text}",
            "deleted": "Eliminaste este mensaje."
            if m.sender == DAN
            else "Se eliminó este mensaje.",
            "edited": f"{m.text} <Se editó este mensaje.>",
        }.get(m.kind, m.text)
        keys[f"line/{len(lines) + 1}"] = m.key
        written = f"{local.day}/{local.month}/{local:%y}, {local.hour}:{local:%M}"
        lines += f"{written} - {LABELS[m.sender]}: {body}".split("\n")
    name = "Chat de WhatsApp con Pan.txt"
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return keys


class World(NamedTuple):
    """The case, and the truth."""

    case: Case
    messages: list[Said]
    lines: dict[str, str]
    """Key of the message of each line of the export that is one."""


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[World]:
    folder, messages = tmp_path_factory.mktemp("four"), list(conversation(random.Random(7)))
    lines: dict[str, str] = {}
    writers = {"android": android, "iphone": iphone, "report": report, "export": export}
    blank = dict.fromkeys(
        ("search_id", "label", "holder_ref", "time_zone", "acquired_with", "acquired_at",
         "authority")
    )  # fmt: skip
    with create_case(folder / "case", "Four", "Court order 1/2026") as case, case.writing():
        for name, write in writers.items():
            (folder / name).mkdir()
            lines = write(folder / name, messages) or lines
            about = {
                **blank, "exhibit_id": name, "kind": "phone", "country": "ES", "hash_only": False,
            }  # fmt: skip
            take_in(case, described(case.config, (folder / name,), about), workers=1)
        pipeline.run(case, Progress(), 1)
        yield World(case, messages, lines)


def key_of(row: dict) -> str:
    return row["merged_id"].rpartition("/")[2]


def test_the_three_with_ids_merge_into_exactly_what_was_said(world) -> None:
    rows = world.case.rows("FROM merged_messages WHERE message_key IS NOT NULL")
    assert len(rows) == len(world.messages)
    assert {key_of(r) for r in rows} == {m.key for m in world.messages}
    assert {tuple(r["witnesses"]) for r in rows} == {("android", "iphone", "report")}
    assert {r["sources"] for r in rows} == {3}
    assert {r["chat_id"] for r in rows} == {f"whatsapp:{GROUP}"}
    assert max(r["texts"] for r in rows) == 1


def test_who_said_it_and_when_is_known(world) -> None:
    rows = world.case.rows("FROM merged_messages WHERE message_key IS NOT NULL")
    of_person = {r["account_id"]: r["person_id"] for r in world.case.rows("FROM person_accounts")}
    found = {
        key_of(r): (of_person.get(r["sender_account_id"], r["sender_account_id"]),
                    int(r["sent_at"].timestamp()))
        for r in rows
    }  # fmt: skip
    assert found == {m.key: (f"whatsapp:pn:{m.sender}", m.at) for m in world.messages}


def test_a_picture_has_one_hash_in_all_three(world) -> None:
    rows = world.case.rows(
        "SELECT sha256, count(DISTINCT exhibit_id) AS n FROM shares WHERE sha256 IS NOT NULL "
        "GROUP BY 1"
    )
    wanted = {m.picture.hex(): 3 for m in world.messages if m.picture}
    assert {r["sha256"]: r["n"] for r in rows} == wanted


def test_no_line_of_the_export_is_merged(world) -> None:
    lines = world.case.rows(
        "SELECT count(*) AS n FROM messages WHERE exhibit_id = 'export' AND kind <> 'system'"
    )
    apart = world.case.rows(
        "FROM merged_messages WHERE list_contains(witnesses, 'export') AND kind <> 'system'"
    )
    assert len(apart) == lines[0]["n"] == len(world.messages)
    assert {(tuple(r["witnesses"]), r["message_key"], len(r["event_ids"])) for r in apart} == {
        (("export",), None, 1)
    }


def test_lines_of_the_export_stand_beside_the_message_that_they_are(world) -> None:
    rows = world.case.rows("FROM merge_candidates")
    best = {r["event_id"].partition("#")[2]: key_of(r) for r in rows if r["rank"] == 1}
    right = sum(world.lines[line] == key for line, key in best.items())
    assert right / len(best) >= 0.99, f"precision {right}/{len(best)}"
    assert right / len(world.lines) >= 0.9, f"recall {right}/{len(world.lines)}"
    kept = sum(world.lines[r["event_id"].partition("#")[2]] == key_of(r) for r in rows)
    assert kept / len(rows) >= 0.99, f"precision of all that is kept {kept}/{len(rows)}"
    assert all(r["score"] >= 0.6 and r["content_match"] for r in rows)
    assert {r["clock_minutes"] for r in rows} == {60, 120}
