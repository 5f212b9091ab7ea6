"""Other people's exports with known answers, and hostile files, given to the readers of exports."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from steps import take_in

from clew import pipeline
from clew.casefile import create_case
from clew.casefile.engine import Progress
from clew.evidence.describe import described
from clew.facts.reader_api import Found, readers
from clew.facts.reader_worker import _in_batches
from clew.records import Message, Unread

KINDS = {"telegram-json": "telegram.desktop.json", "messenger-json": "messenger.export"}
READERS = ("telegram-desktop", "messenger", "discord-exporter")


@pytest.fixture(scope="module")
def exports(fixtures, tmp_path_factory):
    about = dict.fromkeys(
        ("search_id", "label", "holder_ref", "time_zone", "acquired_with", "acquired_at",
         "authority")
    )  # fmt: skip
    about |= {"exhibit_id": "FX-03", "kind": "cloud_export", "country": "ES", "hash_only": False}
    folders = tuple(fixtures / "chat" / n for n in ("telegram-frozenspider", "messenger-msgvault"))
    with create_case(tmp_path_factory.mktemp("exports") / "case", "Exports", "tests") as case:
        with case.writing():
            take_in(case, described(case.config, folders, about))
            pipeline.run(case, Progress(), 2)
        yield case


def answers(fixtures: Path, kind: str) -> dict[str, dict]:
    entries = json.loads((fixtures / "chat" / "answers.json").read_text())
    return {e["file"]: e for e in entries if e.get("kind") == kind}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_export_has_its_counts(exports, fixtures, kind) -> None:
    found = {
        row["path"]: row
        for row in exports.rows(
            "SELECT i.path, s.rows_seen, s.rows_emitted, "
            "(SELECT count(DISTINCT chat_id) FROM messages AS m WHERE m.source_id = s.source_id) "
            "AS chats, "
            "(SELECT count(*) FROM messages AS m WHERE m.source_id = s.source_id) AS messages, "
            "(SELECT count(*) FROM messages AS m WHERE m.source_id = s.source_id "
            "AND kind IN ('system', 'call')) AS service, "
            "(SELECT count(*) FROM memberships AS m WHERE m.source_id = s.source_id "
            "AND basis = 'roster') AS participants "
            "FROM items AS i JOIN sources AS s ON s.source_id = i.sha256 WHERE s.kind = $kind",
            kind=KINDS[kind],
        )
    }
    wanted = answers(fixtures, kind)
    assert len(wanted) == 7
    for path, entry in wanted.items():
        row = found[path]
        if entry.get("corrupt"):
            assert row["messages"] == 0
            (told,) = exports.rows(
                "SELECT count(*) AS n FROM unread "
                "WHERE path = $path AND starts_with(code, 'json:')",
                path=path,
            )
            assert told["n"] == 1
            continue
        names = [n for n in ("chats", "messages", "service", "participants") if n in entry]
        if kind == "messenger-json":
            names.remove("messages")
        assert row["messages"] == entry["messages"] == row["rows_seen"] == row["rows_emitted"]
        assert {n: row[n] for n in names} == {n: entry[n] for n in names}


def test_every_action_of_telegram_is_kept(exports, fixtures) -> None:
    wanted = {a for e in answers(fixtures, "telegram-json").values() for a in e["actions"]}
    rows = exports.rows("SELECT DISTINCT type_raw FROM messages WHERE kind IN ('system', 'call')")
    assert wanted <= {row["type_raw"] for row in rows}
    assert exports.rows("SELECT * FROM unread WHERE code = 'unknown_code'") == []


def test_pages_are_read_as_their_json_is(exports) -> None:
    """The same thread was exported in both forms: names, words and minutes agree."""
    query = (
        "SELECT n.name, m.text, strftime(coalesce(m.sent_local::TIMESTAMP, m.sent_at::TIMESTAMP), "
        "'%Y-%m-%d %H:%M') AS at FROM messages AS m JOIN items AS i ON i.sha256 = m.source_id "
        "JOIN account_names AS n ON n.account_id = m.sender_account_id "
        "AND n.source_id = m.source_id WHERE i.path LIKE $path ORDER BY m.text"
    )
    page = exports.rows(query, path="%html_simple%alice%")
    document = exports.rows(query, path="%json_simple%alice%")
    assert len(page) == 3
    assert [(r["name"], r["text"]) for r in page] == [(r["name"], r["text"]) for r in document]


def offered(file: Path, path: str) -> Found:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return Found(
        exhibit_id="FX-04", item_id="x", source_id=digest, path=path, media_type=None, file=file
    )


def test_every_layout_of_a_date_is_read(fixtures) -> None:
    (reader,) = [r for r in readers() if r.name == "messenger"]
    pages = sorted((fixtures / "chat" / "messenger-msgvault").rglob("layout*.html"))
    rows = [
        row
        for page in pages
        for row in reader.read(offered(page, "messages/inbox/x/message_1.html"))
        if isinstance(row, Message)
    ]
    assert [row.sent_local for row in rows] == ["2019-10-19T14:37"] * 3


def test_a_file_of_an_export_is_found_from_the_folder_of_its_thread(exports) -> None:
    rows = exports.rows(
        "SELECT i.path AS export, f.path AS file, s.state FROM shares AS s "
        "JOIN items AS i ON i.sha256 = s.source_id LEFT JOIN items AS f ON f.item_id = s.item_id "
        "WHERE s.name = 'tiny.png' ORDER BY export"
    )
    assert [row["state"] for row in rows] == ["present", "present"]
    for row in rows:
        assert row["file"] == row["export"].rpartition("/")[0] + "/photos/tiny.png"


def test_no_reader_fell_over(exports) -> None:
    assert exports.rows("SELECT path, figures FROM unread WHERE code = 'error'") == []


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_hostile_files_are_told_not_raised(fixtures, name) -> None:
    (reader,) = [r for r in readers() if r.name == name]
    files = sorted(f for f in (fixtures / "hostile").rglob("*") if f.is_file())
    assert files
    for place, file in enumerate(files):
        if file.stat().st_size > 1 << 20:
            continue
        ending = "html" if name == "messenger" and place % 2 else "json"
        given = offered(file, f"d/message_1.{ending}")
        reader.probe(given)
        tables = {batch.table for batch in _in_batches(reader.read(given))}
        assert tables & {Message, Unread}
