"""A database of many messages is read whole: each once, with its sender, time and text."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib import resources

import pyarrow as pa
import pytest
from builders.found import found

from clew.facts.readers.whatsapp_android import READER
from clew.records import Membership, Message
from clew.validation.known_inputs import gathered

MESSAGES, SENT = 300, 1_700_000_000_000
GROUP, OWN, ANA, BO = "120363000000000001@g.us", "34600111222", "34600111333", "34600111444"
STANDING = {OWN: 0, ANA: 1, BO: 2}


@pytest.fixture(scope="module")
def read(tmp_path_factory) -> dict[type, pa.Table]:
    file = tmp_path_factory.mktemp("android") / "msgstore.db"
    schema = resources.files("clew.demo").joinpath("schemas", "whatsapp_modern.sql")
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.executescript(schema.read_text("utf-8"))
        addresses = [GROUP, *(f"{number}@s.whatsapp.net" for number in STANDING)]
        for row, jid in enumerate(addresses, 1):
            parts = (row, *jid.split("@"), jid)
            db.execute("INSERT INTO jid (_id, user, server, raw_string) VALUES (?, ?, ?, ?)", parts)
        db.execute("INSERT INTO chat (_id, jid_row_id, subject) VALUES (1, 1, 'Bread')")
        for row, rank in enumerate(STANDING.values(), 2):
            db.execute("INSERT INTO group_participant_user (group_jid_row_id, user_jid_row_id, "
                       "rank, pending) VALUES (1, ?, ?, 0)", (row, rank))  # fmt: skip
        for n in range(1, MESSAGES + 1):
            db.execute("INSERT INTO message (_id, chat_row_id, from_me, key_id, sender_jid_row_id, "
                       "timestamp, message_type, text_data) VALUES (?, 1, ?, ?, ?, ?, 0, ?)",
                       (n, n % 3 == 0, f"KEY{n:017}", 0 if n % 3 == 0 else 3 + n % 2,
                        SENT + n * 1000, f"text {n}"))  # fmt: skip
        db.execute("INSERT INTO message_details SELECT _id, 2 FROM message WHERE from_me = 1")
    return gathered(READER.read(found(file, "msgstore.db")))


def test_every_message_is_read_once_with_its_sender(read) -> None:
    account = "whatsapp:pn:{}".format
    senders = [OWN if n % 3 == 0 else (BO if n % 2 else ANA) for n in range(1, MESSAGES + 1)]
    expected = {
        (f"KEY{n:017}", account(sender), SENT + n * 1000, f"text {n}")
        for n, sender in enumerate(senders, 1)
    }
    rows = read[Message].to_pylist()
    told = [
        (row["message_key"].rpartition("/")[2], row["sender_account_id"],
         round(row["sent_at"].timestamp() * 1000), row["text"]) for row in rows
    ]  # fmt: skip
    assert len(told) == MESSAGES
    assert set(told) == expected


def test_members_of_a_group_have_their_standing(read) -> None:
    names = ("member", "admin", "creator")
    found = {row["account_id"]: row["role"] for row in read[Membership].to_pylist()}
    assert found == {f"whatsapp:pn:{who}": names[rank] for who, rank in STANDING.items()}
