"""Nothing but Clew's own tables and triggers stands in the databases of a case."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from clew.casefile.database_schemas import strange


def test_what_clew_makes_is_not_strange(case) -> None:
    with case.writing():
        case.custody.append("a test")
    assert list(strange(case.folder)) == []


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("custody.sqlite", "CREATE TRIGGER later AFTER INSERT ON entry BEGIN SELECT 1; END"),
        ("custody.sqlite", "CREATE INDEX later ON entry (body)"),
        ("ledger.sqlite", "CREATE TABLE later (a)"),
    ],
)
def test_what_clew_did_not_make_is_strange(case, name, statement) -> None:
    with closing(sqlite3.connect(case.folder / name)) as db:
        db.execute(statement)
    assert list(strange(case.folder)) == [f"{name} has 'later', which is none of Clew's"]


def test_a_trigger_that_keeps_nothing_any_more_is_strange(case) -> None:
    with closing(sqlite3.connect(case.folder / "custody.sqlite")) as db:
        db.execute("DROP TRIGGER entry_delete")
        db.execute("CREATE TRIGGER entry_delete BEFORE DELETE ON entry BEGIN SELECT 1; END")
    assert list(strange(case.folder)) == ["'entry_delete' in custody.sqlite is not as Clew made it"]


def test_what_is_no_database_is_said_so(case) -> None:
    (case.folder / "ledger.sqlite").write_bytes(b"bread" * 999)
    assert [text.partition(":")[0] for text in strange(case.folder)] == [
        "ledger.sqlite can't be read"
    ]
