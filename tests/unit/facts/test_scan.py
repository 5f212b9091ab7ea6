"""A table is read page by page, and around what is damaged."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import islice

import pytest

from clew.facts.scan import Query, Scan, written_out


@pytest.fixture
def db():
    with closing(sqlite3.connect(":memory:")) as made:
        made.execute("CREATE TABLE t (_id INTEGER PRIMARY KEY, x)")
        made.executemany("INSERT INTO t VALUES (?, ?)", [(n, f"v{n}") for n in range(1, 26)])
        yield made


class Broken:
    """A connection on which rows of one range can't be read."""

    def __init__(self, db, bad) -> None:
        self._db, self._bad, self.text_factory = db, bad, str

    def execute(self, sql):
        return _Cursor(self._db.execute(sql), self._bad)


class _Cursor:
    def __init__(self, cursor, bad) -> None:
        self._cursor, self._bad = cursor, bad

    def __iter__(self):
        return self

    def __next__(self):
        row = next(self._cursor)
        if row[0] in self._bad:
            raise sqlite3.DatabaseError("database disk image is malformed")
        return row

    def fetchone(self):
        return next(self, None)

    def fetchmany(self, size):
        return list(islice(self, size))


def read(db, size=10):
    reported = []
    pages = Scan(db, size, lambda code, **_: reported.append(code)).pages(
        Query("SELECT _id, x FROM t", "_id")
    )
    return [row for page in pages for row in page[0]], reported


def test_every_row_comes_once_in_order(db) -> None:
    for size in (1, 7, 100):
        assert read(db, size) == (list(range(1, 26)), [])


def test_a_damaged_place_costs_its_rows_alone(db) -> None:
    rows, reported = read(Broken(db, {11, 12, 13}))
    assert rows == [*range(1, 11), *range(14, 26)]
    assert set(reported) == {"damaged"}


def test_text_that_is_not_utf8_is_written_out(db) -> None:
    db.execute("UPDATE t SET x = CAST(x'636166e9' AS TEXT) WHERE _id = 3")
    rows, reported = read(db)
    assert rows == list(range(1, 26))
    assert reported == ["encoding:bytes"]


def test_a_query_with_a_condition_goes_on_after_a_row() -> None:
    query = Query("SELECT _id FROM t WHERE x > 1", "_id")
    assert query.after(None) == "SELECT _id FROM t WHERE x > 1 ORDER BY _id"
    assert query.after(5) == "SELECT _id FROM t WHERE x > 1 AND _id > 5 ORDER BY _id"
    assert written_out(b"a\xff") == "a\\xff"
