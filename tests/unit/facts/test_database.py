"""A database is asked for what this version of its schema has."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from builders.found import found

from clew.facts.database import Database, schema


class Messenger(Database):
    platform = "whatsapp"


@pytest.fixture
def base():
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(
            "CREATE TABLE m (_id INTEGER PRIMARY KEY, a TEXT);"
            "CREATE TABLE s (m_id INTEGER, b TEXT); CREATE TABLE u (m_id INTEGER PRIMARY KEY, b);"
            "INSERT INTO m VALUES (1, 'x'), (2, 'y'); INSERT INTO s VALUES (1, 'p'), (1, 'q');"
        )
        yield Messenger(found(), db)


def test_a_column_that_is_not_there_is_null(base) -> None:
    assert base.column("m", "a") == 'm."a"'
    assert base.columns("m", "a gone", "x") == 'x."a", NULL'
    assert not base.has("gone", "a")


def test_a_satellite_never_multiplies_rows(base) -> None:
    for table in ("s", "u"):
        join = base.join(table, "j", "j.m_id = m._id")
        assert len(base.fetch("m", f"SELECT m._id FROM m {join}")) == 2
    assert base.join("gone", "j", "j.m_id = m._id") == ""


def test_rows_are_counted_by_the_database(base) -> None:
    assert (base.count("m"), base.count("m", "_id > 1"), base.count("gone")) == (2, 1, 0)


def test_a_query_that_fails_is_reported_and_gives_nothing(base) -> None:
    assert base.fetch("m", "SELECT nothing FROM m") == []
    assert [row.code for row in base.unread()] == ["damaged"]


def test_rows_come_by_pages_and_one_by_one(base) -> None:
    assert [row for page in base.pages("m", "SELECT _id, a FROM m", "_id", size=1)
            for row in page[1]] == ["x", "y"]  # fmt: skip
    assert list(base.rows("m", "SELECT _id, a FROM m", "_id")) == [(1, "x"), (2, "y")]


def test_a_schema_names_every_table_whatever_its_name() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute('CREATE TABLE "odd ""name" (a, b)')
        assert schema(db) == {'odd "name': ["a", "b"]}
