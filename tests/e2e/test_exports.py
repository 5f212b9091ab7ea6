"""Exports through the whole path: their files, and the same message in two of them."""

from __future__ import annotations

import json
from pathlib import Path

from steps import take_in

from clew import pipeline
from clew.casefile import Case
from clew.casefile.engine import Progress
from clew.evidence.describe import described


def telegram(folder: Path, owner: int, photo: bytes, kind: str = "private_supergroup") -> None:
    """One account's export with one chat of two messages, the first with a photo."""
    (folder / "photos").mkdir(parents=True)
    (folder / "photos" / "photo_1.jpg").write_bytes(photo)
    common = {"type": "message", "date": "2023-03-01T12:00:00", "from": "Ada", "from_id": "user7"}
    messages = [
        {"id": 1, **common, "date_unixtime": "1677672000", "photo": "photos/photo_1.jpg"},
        {"id": 2, **common, "date_unixtime": "1677672060", "text": "join https://t.me/+AbCdEfGhIjKl"},
    ]  # fmt: skip
    chat = {"name": "Bakers", "type": kind, "id": 555, "messages": messages}
    export = {
        "about": "Telegram",
        "personal_information": {"user_id": owner},
        "chats": {"list": [chat]},
    }
    (folder / "result.json").write_text(json.dumps(export, indent=1), encoding="utf-8")


def read(case: Case, *folders: Path) -> None:
    """Each folder as an exhibit, and then every step once."""
    about = dict.fromkeys(
        ("search_id", "label", "holder_ref", "time_zone", "acquired_with", "acquired_at",
         "authority")
    )  # fmt: skip
    about |= {"kind": "laptop", "country": "ES", "hash_only": False}
    with case.writing():
        for number, folder in enumerate(folders):
            named = {**about, "exhibit_id": f"ES-0{number + 1}"}
            take_in(case, described(case.config, (folder,), named), workers=1)
        pipeline.run(case, Progress(), 1)


def test_two_exports_have_a_photo_of_one_name_each(case, tmp_path) -> None:
    telegram(tmp_path / "in" / "a", 7, b"\xff\xd8\xff one")
    telegram(tmp_path / "in" / "b", 8, b"\xff\xd8\xff other")
    read(case, tmp_path / "in")
    rows = case.rows(
        "SELECT e.path AS export, f.path AS file, s.state FROM shares AS s "
        "JOIN items AS e ON e.sha256 = s.source_id JOIN items AS f ON f.item_id = s.item_id "
        "ORDER BY export"
    )
    assert [row["state"] for row in rows] == ["present", "present"]
    for row in rows:
        assert row["file"] == row["export"].replace("result.json", "photos/photo_1.jpg")


def test_a_message_of_a_supergroup_is_one_in_two_exports_and_of_a_basic_group_is_not(
    case, tmp_path
) -> None:
    telegram(tmp_path / "a", 7, b"\xff\xd8\xff one")
    telegram(tmp_path / "b", 8, b"\xff\xd8\xff one")
    telegram(tmp_path / "c", 7, b"\xff\xd8\xff one", "private_group")
    telegram(tmp_path / "d", 8, b"\xff\xd8\xff one", "private_group")
    read(case, *(tmp_path / letter for letter in "abcd"))
    rows = case.rows(
        "SELECT chat_id, count(*) AS messages, count(DISTINCT message_key) AS keys "
        "FROM messages GROUP BY chat_id ORDER BY chat_id"
    )
    assert rows == [
        {"chat_id": "telegram:channel:555", "messages": 4, "keys": 2},
        {"chat_id": "telegram:group:555", "messages": 4, "keys": 0},
    ]
    (merged,) = case.rows(
        "SELECT count(*) AS n FROM merged_messages WHERE chat_id = 'telegram:channel:555'"
    )
    assert merged["n"] == 2
    (seen,) = case.rows(
        "SELECT count(DISTINCT exhibit_id) AS n FROM invites WHERE code = 'AbCdEfGhIjKl'"
    )
    assert seen["n"] == 4


def test_a_json_that_is_no_export_is_nobodys(case, tmp_path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, value in (
        ("package.json", {"name": "x", "type": "module", "messages": {}}),
        ("tsconfig.json", {"about": "x", "contacts": {}}),
        ("list.json", [1, 2]),
        ("message_1.json", {"id": 1}),
    ):
        (folder / name).write_text(json.dumps(value), encoding="utf-8")
    read(case, folder)
    assert case.rows("SELECT * FROM sources") == []
