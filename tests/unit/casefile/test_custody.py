"""The custody log shows any edit, deletion, reordering and gap."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest


@pytest.fixture
def log(case):
    for number in range(5):
        case.custody.append("test", number=number)
    return case.custody


def changed(case, statement: str) -> list[str]:
    """What the log says after someone dropped its triggers and ran a statement."""
    with closing(sqlite3.connect(case.folder / "custody.sqlite")) as db:
        db.execute("DROP TRIGGER entry_is_final")
        db.execute("DROP TRIGGER entry_stays")
        db.execute(statement)
        db.commit()
    return list(case.custody.problems())


def test_an_untouched_log_has_no_problem(case, log) -> None:
    assert list(log.problems()) == []
    assert len(list(log.entries())) == 6
    assert log.latest() == list(log.entries())[-1].hash


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET body = replace(body, '2', '3') WHERE number = 4",
        "DELETE FROM entry WHERE number = 3",
        "UPDATE entry SET number = number + 100 WHERE number = 2",
        "UPDATE entry SET hash = previous WHERE number = 5",
        "DELETE FROM entry WHERE number = 1",
    ],
)
def test_every_change_is_found(case, log, statement) -> None:
    assert changed(case, statement)


def test_the_log_refuses_changes(case, log) -> None:
    with closing(sqlite3.connect(case.folder / "custody.sqlite")) as db:
        for statement in ("UPDATE entry SET body = ''", "DELETE FROM entry"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                db.execute(statement)


def test_a_damaged_log_is_told(case, log) -> None:
    file = case.folder / "custody.sqlite"
    file.write_bytes(b"\0" * 100 + file.read_bytes()[100:])
    assert list(log.problems())
