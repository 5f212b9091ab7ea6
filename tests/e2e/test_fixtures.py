"""Other people's data with known answers, read through the whole path."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from conftest import WHOLE as AT_FULL_VOLUME
from steps import take_in

from clew import pipeline
from clew.casefile import Case, create_case
from clew.casefile.engine import Progress
from clew.evidence.bounds import Bounds
from clew.evidence.describe import described

ABOUT = dict.fromkeys(
    ("search_id", "label", "holder_ref", "time_zone", "acquired_with", "acquired_at", "authority")
)


MEMBERS = 2_000 if AT_FULL_VOLUME else 300
"""Some hostile archives hold 100,000 members alike: the limit keeps the gate short."""


def taken(case: Case, folder: Path, exhibit_id: str, bounds: Bounds | None = None) -> None:
    about = {
        **ABOUT,
        "exhibit_id": exhibit_id,
        "kind": "phone",
        "country": "ES",
        "hash_only": False,
    }
    with case.writing():
        take_in(case, described(case.config, (folder,), about, bounds))


@pytest.fixture(scope="module")
def chats(fixtures, tmp_path_factory):
    """Every chat fixture in one case, and what the evidence was before."""
    folder = tmp_path_factory.mktemp("chats")
    before = digests(fixtures / "chat")
    with create_case(folder / "case", "Fixtures", "tests") as case:
        taken(case, fixtures / "chat", "FX-01")
        with case.writing():
            pipeline.run(case, Progress(), 2)
        yield case, before


def digests(folder: Path) -> dict[str, str]:
    return {
        str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest()
        for f in folder.rglob("*")
        if f.is_file()
    }


def answers(fixtures: Path, kind: str) -> dict[str, dict]:
    entries = json.loads((fixtures / "chat" / "answers.json").read_text())
    return {e["file"]: e for e in entries if e.get("kind") == kind}


def test_the_evidence_is_byte_identical_afterwards(chats, fixtures) -> None:
    _, before = chats
    assert digests(fixtures / "chat") == before


BETTER: dict[str, dict[str, object]] = {
    # both platforms are read, line by line: the answer counts those of one
    "txt-wcp-rb/spec__fixtures__files__sample.txt": {
        "messages": 6,
        "authored": 4,
        "participants": 4,
    },
    # nothing in the file decides; other exports of the same phone, written alike, do
    "txt-whats_json/test__data__android__WhatsApp Chat with Group Chat XXX Android.txt": {
        "date_order": "DMY"
    },
}
"""What is read of a file beyond its answer, which a parser of one file and platform gave."""


def test_every_text_export_has_its_counts(chats, fixtures) -> None:
    case, _ = chats
    found = {
        row["path"]: row
        for row in case.rows(
            "SELECT i.path, s.rows_emitted AS messages, s.generation AS flavour, s.date_order, "
            "count(m.sender_account_id) AS authored, "
            "count(DISTINCT m.sender_account_id) AS participants "
            "FROM items AS i JOIN sources AS s ON s.source_id = i.sha256 "
            "JOIN messages AS m ON m.source_id = s.source_id "
            "WHERE s.kind = 'whatsapp.export.text' GROUP BY ALL"
        )
    }
    wanted = ("messages", "authored", "participants", "date_order", "flavour")
    wrong = {
        path: [(name, found.get(path, {}).get(name), entry[name]) for name in wanted
               if found.get(path, {}).get(name) != entry[name]]
        for path, answer in answers(fixtures, "whatsapp-txt").items()
        for entry in [{**answer, **BETTER.get(path, {})}]
    }  # fmt: skip
    assert {path: off for path, off in wrong.items() if off} == {}


def test_the_transitional_database_has_its_counts(chats, fixtures) -> None:
    case, _ = chats
    (entry,) = answers(fixtures, "msgstore").values()
    (row,) = case.rows(
        "SELECT s.rows_emitted, s.rows_seen = s.rows_emitted + s.rows_skipped AS adds_up, "
        "(SELECT count(*) FROM messages AS m WHERE m.source_id = s.source_id) AS messages, "
        "(SELECT count(DISTINCT chat_id) FROM messages AS m WHERE m.source_id = s.source_id) "
        "AS chats, "
        "(SELECT count(*) FROM memberships AS m WHERE m.source_id = s.source_id "
        "AND basis = 'roster') AS members "
        "FROM sources AS s JOIN items AS i ON i.item_id = s.item_id "
        "WHERE i.path LIKE '%iped_msgstore.db'"
    )
    assert row == {
        "rows_emitted": entry["messages"],
        "adds_up": True,
        "messages": entry["messages"],
        "chats": entry["chats_with_messages"],
        "members": entry["group_participants"],
    }


def test_no_reader_fell_over(chats) -> None:
    case, _ = chats
    assert case.rows("SELECT path, figures FROM unread WHERE code = 'error'") == []


@pytest.mark.slow
def test_hostile_files_cost_at_most_themselves(fixtures, tmp_path) -> None:
    folder = tmp_path / "in"
    shutil.copytree(fixtures / "hostile" / "container", folder / "container")
    shutil.copytree(fixtures / "hostile" / "sqlite", folder / "sqlite")
    count = sum(1 for _ in folder.rglob("*"))
    with create_case(tmp_path / "case", "Hostile", "tests") as case:
        taken(case, folder, "FX-02", Bounds(members=MEMBERS))
        with case.writing():
            pipeline.run(case, Progress(), 2)
        (row,) = case.rows(
            "SELECT count(*) FILTER (WHERE NOT in_archive) AS entries, "
            "count(*) FILTER (WHERE NOT in_archive AND outcome = 'failed' "
            "AND starts_with(reason, 'error')) AS fell_over FROM items"
        )
        assert row == {"entries": count, "fell_over": 0}
        silent = case.rows(
            "SELECT path FROM items AS i WHERE media_type = 'application/zip' "
            "AND outcome = 'processed' AND NOT EXISTS (SELECT 1 FROM items AS m "
            "WHERE m.parent_item_id = i.item_id)"
        )
        assert silent == []
        assert case.rows("SELECT path, figures FROM unread WHERE code = 'error'") == []
    assert not [p for p in tmp_path.iterdir() if p.name not in ("in", "case")]
