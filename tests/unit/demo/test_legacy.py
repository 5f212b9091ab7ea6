"""A legacy database is one that the reader of legacy databases reads whole."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing

import pytest
from builders.found import found

from clew.demo import small
from clew.demo.legacy import LegacyMessages
from clew.demo.parameters import Oddity
from clew.demo.retained import kept
from clew.demo.world import imagine
from clew.facts.readers.whatsapp_android import READER
from clew.records import Source


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    world = imagine(small())
    phone = next(d for d in world.devices if d.oddity == Oddity.LEGACY)
    messages = [k for k in kept(world, phone, random.Random(1))
                if k.message.group is None
                or not world.groups.all[k.message.group].telegram]  # fmt: skip
    file = tmp_path_factory.mktemp("legacy") / "msgstore.db"
    LegacyMessages(world, phone).write(file, messages)
    return file, messages


def test_every_message_is_read(written) -> None:
    file, messages = written
    (source,) = (r for r in READER.read(found(file)) if isinstance(r, Source))
    assert source.rows_emitted == len(messages)
    assert source.generation == "legacy"


def test_it_knows_no_hidden_ids(written) -> None:
    file, _ = written
    with closing(sqlite3.connect(file)) as db:
        (odd,) = db.execute(
            "SELECT count(*) FROM messages WHERE remote_resource LIKE '%@lid' "
            "OR key_remote_jid LIKE '%@lid'"
        ).fetchone()
    assert odd == 0
