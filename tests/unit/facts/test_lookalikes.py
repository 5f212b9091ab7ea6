"""What no reader takes and looks like a chat is told as such; what does not is not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from clew.facts import lookalikes, reader_worker
from clew.facts.reader_api import SQLITE, Found
from clew.words.reasons import sentence


def told(file: Path, name: str, media_type: str | None) -> list[dict]:
    given = Found(
        exhibit_id="ES-07", item_id="0" * 20, source_id="0" * 64, path=f"data/{name}",
        media_type=media_type, file=file,
    )  # fmt: skip
    batches = list(reader_worker._in_batches(reader_worker._rows(given)))
    return [r for b in batches if b.table.table_name == "unread" for r in b.data.to_pylist()]


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


def test_an_encrypted_database_with_a_telling_name_is_told(tmp_path) -> None:
    file = tmp_path / "x"
    file.write_bytes(bytes(range(256)) * 64)
    rows = told(file, "EnMicroMsg.db", None)
    assert ("looks_like_chat:unreadable", "error") in {(r["code"], r["severity"]) for r in rows}


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("x.json", '{"messages": [{"sender": "A", "text": "bread"}]}', "text/plain"),
        ("x.xml", '<?xml version="1.0"?><smses><sms body="bread"/></smses>', "text/xml"),
    ],
)
def test_an_export_that_no_reader_knows_is_told(tmp_path, name, content, media_type) -> None:
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    rows = told(file, name, media_type)
    assert [r["code"] for r in rows] == ["looks_like_chat"]


def test_an_ordinary_text_is_not_told(tmp_path) -> None:
    file = tmp_path / "x.txt"
    file.write_text("messages of bread\n", encoding="utf-8")
    assert told(file, "x.txt", "text/plain") == []
