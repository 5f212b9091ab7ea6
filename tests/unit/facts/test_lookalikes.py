"""What no reader understands is told with what it looks like; what has no structure is not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from builders.lookalikes import told
from builders.returns import CHATS, OTHERS, PRODUCTS

from clew.evidence.signatures import media_type
from clew.facts import lookalikes
from clew.facts.reader_api import SQLITE
from clew.words.reasons import sentence


def database(file: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(file)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()
    return file


def unread(tmp_path, path: str, content: str | bytes) -> list[dict]:
    file = tmp_path / "x"
    raw = content if isinstance(content, bytes) else content.encode()
    file.write_bytes(raw)
    return told(file, path, media_type(raw[:4096]))


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
        ("SkypeTeams.db", "Microsoft Teams"),
        ("cache4.db", "Telegram"),
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


@pytest.mark.parametrize(
    ("statements", "sign"),
    [
        (("CREATE TABLE ZSMESSAGE (a)", "CREATE TABLE ZTHREAD (a)",
          "CREATE TABLE ZCONVERSATION (a)"), "Microsoft Teams"),
        (("CREATE TABLE CHAT_MESSAGE (id, ownerId, createdAt, textPlain)",
          "CREATE TABLE CHAT_THREAD (id)"), "MeWe"),
        (("CREATE TABLE message_t (message_id, conversation_id, message_blob)",), "Google Voice"),
        (("CREATE TABLE ABPerson (First)", "CREATE TABLE ABMultiValue (value)"), "address book"),
        (("CREATE TABLE app_chat (peer, made_at, body)",), "messages"),
    ],
)  # fmt: skip
def test_a_database_of_a_messenger_is_more_than_unknown(tmp_path, statements, sign) -> None:
    (row,) = told(database(tmp_path / "x.db", *statements), "x.db", SQLITE)
    assert row["severity"] == "warning"
    assert sign in str(row["figures"])


def test_a_database_without_messages_is_only_unknown(tmp_path) -> None:
    file = database(tmp_path / "x.db", "CREATE TABLE bread (id, weight)")
    (row,) = told(file, "x.db", SQLITE)
    assert row["code"] == "no_reader"
    assert "part=bread" in row["figures"]


@pytest.mark.parametrize("path", CHATS)
def test_a_return_or_export_of_chats_is_told_as_one(tmp_path, path) -> None:
    content, sign = CHATS[path]
    (row,) = unread(tmp_path, path, content)
    assert (row["code"], row["severity"]) == ("looks_like_chat", "warning")
    assert any(sign in figure for figure in row["figures"] if figure.startswith("sign="))
    assert "?" not in sentence("unread", row["code"], row["figures"])


@pytest.mark.parametrize("path", PRODUCTS)
def test_what_is_of_a_known_product_is_told_with_it(tmp_path, path) -> None:
    content, sign = PRODUCTS[path]
    (row,) = unread(tmp_path, path, content)
    assert (row["code"], row["severity"]) == ("no_reader:product", "warning")
    assert sign in str(row["figures"])


@pytest.mark.parametrize("path", OTHERS)
def test_what_has_a_structure_is_told_with_its_kind(tmp_path, path) -> None:
    content, kind = OTHERS[path]
    (row,) = unread(tmp_path, path, content)
    assert (row["code"], row["severity"]) == ("no_reader", "info")
    assert f"kind={kind}" in row["figures"]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("readme.md", "# Bread\n\nFlour, water, salt.\nAnd time.\n"),
        ("main.c", "int main(void) {\n  return 0;\n}\nint x;\nint y;\nint z;\n"),
        ("page.html", "<html><body><p>Bread</p></body></html>"),
        ("notes.txt", "Flour, water\nSalt, time\nHeat\n"),
    ],
)
def test_what_has_no_structure_is_not_told(tmp_path, path, content) -> None:
    assert unread(tmp_path, path, content) == []


def test_data_that_stands_for_a_name_is_not_shown(tmp_path) -> None:
    (row,) = unread(tmp_path, "x.json", '{"+34600000001": {"ana@example.org": 1, "age": 2}}')
    assert "part=age" in row["figures"]
    assert not any("600000001" in figure or "@" in figure for figure in row["figures"])


def test_a_folder_of_an_app_names_it_without_weight(tmp_path) -> None:
    (row,) = unread(tmp_path, "data/com.discord/shared_prefs/x.xml", "<map><int name='a'/></map>")
    assert (row["code"], row["severity"]) == ("no_reader:app", "info")
    assert "sign=Discord" in row["figures"]


def test_a_database_in_the_folder_of_a_messenger_has_weight(tmp_path) -> None:
    folder = "IndexedDB/https_teams.microsoft.com_0.indexeddb.leveldb"
    (row,) = unread(tmp_path, f"{folder}/CURRENT", "MANIFEST-000001\n")
    assert row["code"] == "looks_like_chat"
    assert "sign=Microsoft Teams" in row["figures"]


def test_one_key_is_not_counted_twice(tmp_path) -> None:
    (row,) = unread(tmp_path, "x.json", '{"from": 1, "message": 2}')
    assert row["code"] == "no_reader"


def test_every_entry_of_the_catalogue_can_hit() -> None:
    for entry in lookalikes.known():
        assert entry.names or entry.paths or entry.tables or entry.keys or entry.texts
        alternatives = (*entry.tables, *entry.keys)
        assert all(alternatives)
        assert all(part == part.casefold() for parts in alternatives for part in parts)
        assert all(pattern == pattern.casefold() for pattern in (*entry.names, *entry.paths))
