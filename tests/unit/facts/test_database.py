"""A database is asked for what this version of its schema has."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from builders.found import found

from clew.facts.database import Database, Join, Selection, schema
from clew.records import Account


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
    assert [(row.key, row["a"], row["gone"]) for row in base.each("m", "a gone")] == [
        (1, "x", None),
        (2, "y", None),
    ]
    assert not list(base.each("m", "a", needs="gone"))
    assert not list(base.each("gone", "a"))


def test_a_selection_reads_what_the_schema_has_and_is_empty_elsewhere(base) -> None:
    joins = (
        Join("u", "u", "m_id = m._id", "b"),
        Join("s", "s", "m_id = m._id", "b lost"),
        Join("gone", "g", "m_id = m._id", "b"),
        Join("u", "v", "m_id = m.gone", "b"),
        Join("s", "w", "m_id = g.m_id", "b"),
    )
    base.db.execute("INSERT INTO u VALUES (2, 'z')")
    (page,) = base.columns_of(Selection("m", "a", joins, where="m._id < 9"))
    assert page.pop("key") == (1, 2)
    assert page.pop("a") == ("x", "y")
    assert (page.pop("u.b"), page.pop("s.b")) == ((None, "z"), ("p", None))
    assert set(page) == {"s.lost", "g.b", "v.b", "w.b"}
    assert all(column == (None, None) for column in page.values())


def test_a_row_knows_where_it_stands_and_is_counted_as_what_it_became(base) -> None:
    first, second = base.each("m", "a")
    assert first.at["locator"] == "m/1"
    assert first.event.endswith("#m/1")
    assert first.became(Account) == first.at
    second.skipped("no_account")
    assert [(r.became, r.rows) for r in base.tally.rows(base.found)] == [
        ("accounts", 1),
        ("skipped", 1),
    ]


def test_a_time_that_is_none_is_reported_with_its_column(base) -> None:
    (row, _) = base.each("m", "a")
    assert row.time("a") is None
    assert [(r.code, r.figures) for r in base.unread()] == [("misfit:time", ("n=1", "column=m.a"))]


def test_a_schema_names_every_table_whatever_its_name() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute('CREATE TABLE "odd ""name" (a, b)')
        assert schema(db) == {'odd "name': ["a", "b"]}
