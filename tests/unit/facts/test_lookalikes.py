"""What no reader takes and looks like a chat is told as such; what does not is not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from builders.lookalikes import told

from clew.facts import lookalikes
from clew.facts.reader_api import SQLITE
from clew.words.reasons import sentence


def database(file: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(file)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()
    return file


@pytest.mark.parametrize(
    ("name", "is_"),
    [
        ("kikDatabase.db", "Kik"),
        ("viber_messages", "Viber"),
        ("EnMicroMsg.db", "WeChat"),
        ("msys_database_100001", "Facebook Messenger"),
        ("mmssms.db", "SMS and MMS of Android"),
        ("sms.db", "SMS and iMessage of Apple"),
        ("naver_line", "LINE"),
    ],
)
def test_a_name_tells(name, is_) -> None:
    assert lookalikes.by_name(f"a/b/{name}") == is_


def test_a_database_of_messages_is_told_with_its_fingerprint(tmp_path) -> None:
    file = database(tmp_path / "x.db", "CREATE TABLE messages (id, sender_id, sent_time, body)")
    (row,) = told(file, "x.db", SQLITE)
    assert row["code"] == "looks_like_chat"
    said = sentence("unread", row["code"], row["figures"])
    assert "sender_id, sent_time, body" in said
    assert "schema " in said


def test_a_database_without_messages_is_only_unknown(tmp_path) -> None:
    file = database(tmp_path / "x.db", "CREATE TABLE bread (id, weight)")
    (row,) = told(file, "x.db", SQLITE)
    assert row["code"] == "no_reader"
