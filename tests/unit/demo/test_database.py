"""Rows left in the log are read with the database, and are not in it without the log."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from clew.demo.database import Rows, schema


def counted(file) -> int:
    with closing(sqlite3.connect(file)) as db:
        return db.execute("SELECT count(*) FROM t").fetchone()[0]


def test_rows_left_in_the_log_stand_there_only(tmp_path) -> None:
    rows = Rows()
    rows.add("t", x=1)
    rows.leave_in_log()
    rows.add("t", x=2)
    rows.write(tmp_path / "a.db", "CREATE TABLE t (x);")
    (tmp_path / "b.db").write_bytes((tmp_path / "a.db").read_bytes())
    assert counted(tmp_path / "b.db") == 1
    assert counted(tmp_path / "a.db") == 2


def test_a_database_without_a_log_is_one_file(tmp_path) -> None:
    rows = Rows()
    rows.add("t", x=1)
    rows.write(tmp_path / "a.db", "CREATE TABLE t (x);")
    assert [f.name for f in tmp_path.iterdir()] == ["a.db"]
    assert counted(tmp_path / "a.db") == 1


@pytest.mark.parametrize("name", ["whatsapp_modern", "whatsapp_legacy", "whatsapp_address_book"])
def test_every_schema_is_sql(name) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(schema(name))
        assert db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] > 1
