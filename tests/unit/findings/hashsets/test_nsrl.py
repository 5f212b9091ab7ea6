"""Of NSRL's database every row is an entry or told, and nothing is changed in it."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing

import pytest

from clew.casefile.engine import Progress
from clew.errors import UsageError
from clew.findings.hashsets.entries import Reading
from clew.findings.hashsets.nsrl import FORMAT


def database(tmp_path, columns: str, rows: list[tuple]):
    file = tmp_path / "rds.db"
    with closing(sqlite3.connect(file)) as db:
        db.execute(f"CREATE TABLE FILE ({columns})")
        marks = ", ".join("?" * len(columns.split(",")))
        db.executemany(f"INSERT INTO FILE VALUES ({marks})", rows)
        db.commit()
    return Reading(file, io.BytesIO(), Progress())


def test_every_hash_of_a_row_is_one_entry(tmp_path) -> None:
    reading = database(
        tmp_path,
        "sha256, sha1, md5, file_name",
        [("C" * 64, "B" * 40, "A" * 32, "x.dll"), (None, None, "d" * 32, None)],
    )
    one, other = FORMAT.read(reading)
    assert (one.md5, one.sha1, one.sha256) == ("a" * 32, "b" * 40, "c" * 64)
    assert "x.dll" in one.details
    assert (other.md5, other.sha1) == ("d" * 32, None)
    assert reading.rejected == 0


def test_a_row_without_a_hash_is_told(tmp_path) -> None:
    reading = database(tmp_path, "sha256, md5", [("short", "a" * 32), (None, None)])
    assert [e.md5 for e in FORMAT.read(reading)] == ["a" * 32]
    assert reading.rejected == 2


def test_another_database_is_refused(tmp_path) -> None:
    with pytest.raises(UsageError, match="without NSRL's table"):
        list(FORMAT.read(database(tmp_path, "name", [("x",)])))


def test_changes_that_wait_beside_it_are_refused(tmp_path) -> None:
    reading = database(tmp_path, "md5", [("a" * 32,)])
    reading.file.with_name("rds.db-wal").write_bytes(b"x")
    with pytest.raises(UsageError, match="holds changes"):
        list(FORMAT.read(reading))


def test_a_database_is_told_by_its_beginning() -> None:
    assert FORMAT.recognises(b"SQLite format 3\0rest")
    assert not FORMAT.recognises(b"md5,sha1\n")
