"""Counts made without Clew's readers notice rows that were dropped, moved in time, or demoted."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing

import pytest

import clew
from clew.validation.second_count import counted_again


@pytest.fixture(scope="module")
def evidence(demo, tmp_path_factory):
    """A copy of the demo's evidence, in which each test changes one thing."""
    folder = tmp_path_factory.mktemp("second") / "evidence"
    shutil.copytree(demo / "evidence", folder, symlinks=True,
                    ignore=shutil.ignore_patterns("*.jpg", "pipe", "*.j"))  # fmt: skip
    return folder


def passed(demo, evidence) -> dict[str, bool | None]:
    exhibits = ((folder.name, folder) for folder in sorted(evidence.iterdir()))
    with clew.open(demo / "case") as case:
        return {found.name: found.passed for found in counted_again(case, exhibits)}


def modern(evidence, change: str) -> None:
    for file in sorted(evidence.rglob("msgstore.db")):
        with closing(sqlite3.connect(file, isolation_level=None)) as db:
            if db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'jid'").fetchone():
                db.execute(change)
                return


@pytest.mark.slow
def test_what_was_read_rightly_passes(demo, evidence) -> None:
    assert passed(demo, evidence) == {"P1-02": True, "P1-04": True, "P1-05": True}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "noticed"),
    [
        ("UPDATE message SET key_id = 'dropped' WHERE _id = 97", "P1-02"),
        ("UPDATE message SET text_data = 'x' WHERE message_type = 0 AND _id < 99", "P1-02"),
        ("UPDATE group_participant_user SET rank = 1 WHERE rank = 0", "P1-05"),
    ],
)
def test_a_row_that_was_read_otherwise_is_noticed(
    demo, evidence, tmp_path, change, noticed
) -> None:
    shutil.copytree(evidence, tmp_path / "evidence", symlinks=True)
    modern(tmp_path / "evidence", change)
    found = passed(demo, tmp_path / "evidence")
    assert [name for name, right in found.items() if not right] == [noticed]


@pytest.mark.slow
def test_times_of_telegram_that_are_an_hour_off_are_noticed(demo, evidence, tmp_path) -> None:
    shutil.copytree(evidence, tmp_path / "evidence", symlinks=True)
    (file,) = (tmp_path / "evidence").rglob("result.json")
    export = json.loads(file.read_text())
    for message in export["chats"]["list"][0]["messages"]:
        message["date_unixtime"] = str(int(message["date_unixtime"]) + 3600)
    file.write_text(json.dumps(export))
    found = passed(demo, tmp_path / "evidence")
    assert [name for name, right in found.items() if not right] == ["P1-04"]
