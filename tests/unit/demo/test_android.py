"""A modern database has what the phone kept, row for row."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import pytest

from clew.demo import small
from clew.demo.android import Messages
from clew.demo.retained import kept
from clew.demo.world import imagine


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    world = imagine(small())
    phone = next(d for d in world.devices if d.is_phone)
    messages = [k for k in kept(world, phone, random.Random(1))
                if k.message.group is None
                or not world.groups.all[k.message.group].telegram]  # fmt: skip
    file = tmp_path_factory.mktemp("android") / "msgstore.db"
    writer = Messages(world, phone, random.Random(1))
    writer.write(file, messages, 0)
    with closing(sqlite3.connect(file)) as db:
        yield db, messages, writer


def count(db, table: str, where: str = "1") -> int:
    return db.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]


def test_every_message_is_a_row_and_notices_are_others(written) -> None:
    db, messages, _ = written
    assert count(db, "message", "message_type <> 7") == len(messages)
    assert count(db, "message", "message_type = 7") == count(db, "message_system") > 0


def test_what_was_deleted_has_no_text_and_no_file(written) -> None:
    db, messages, _ = written
    revoked = sum(k.revoked for k in messages)
    assert count(db, "message_revoked") == count(db, "message", "message_type = 15") == revoked
    assert count(db, "message", "message_type = 15 AND text_data IS NOT NULL") == 0
    shares = sum(k.message.variant is not None and not k.revoked for k in messages)
    assert count(db, "message_media") == shares


def test_every_address_is_one_row(written) -> None:
    db, _, writer = written
    assert (
        count(db, "jid") == db.execute("SELECT count(DISTINCT raw_string) FROM jid").fetchone()[0]
    )
    assert count(db, "jid_map") == len(writer.numbered)


def test_every_reference_to_an_address_leads_to_one(written) -> None:
    db, _, _ = written
    dangling = "sender_jid_row_id <> 0 AND sender_jid_row_id NOT IN (SELECT _id FROM jid)"
    assert count(db, "message", dangling) == 0
    assert count(db, "call_log", "jid_row_id NOT IN (SELECT _id FROM jid)") == 0
