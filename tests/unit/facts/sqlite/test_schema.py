"""A table is understood from its CREATE statement as SQLite understands it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from clew.facts.sqlite.schema import quoted, table_of

STATEMENTS = [
    "CREATE TABLE t (_id INTEGER PRIMARY KEY, a TEXT NOT NULL, b REAL, c BLOB, d)",
    'CREATE TABLE "odd ""t" ([x y] VARCHAR(20), `k` BIGINT, PRIMARY KEY (k))',
    "CREATE TABLE t (a INT, b CHAR, c DOUBLE PRECISION DEFAULT (1 + (2)), CHECK (a > 0))",
    "CREATE TABLE t (a TEXT, b INTEGER, PRIMARY KEY (b AUTOINCREMENT))",
    "CREATE TABLE t (a INTEGER, b INTEGER, PRIMARY KEY (a DESC, b))",
    "CREATE TABLE t (-- remark, with comma\n a INTEGER /* , */ PRIMARY KEY DESC, b NUMERIC)",
]


@pytest.mark.parametrize("sql", STATEMENTS)
def test_columns_and_keys_are_those_of_sqlite(sql) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(sql)
        ((name,),) = db.execute("SELECT name FROM sqlite_schema WHERE rootpage = 2")
        told = list(db.execute(f"PRAGMA table_info({quoted(name)})"))
        table = table_of(name, 2, sql)
        assert [c.name for c in table.columns] == [row[1] for row in told]
        assert [c.not_null for c in table.columns] == [bool(row[3]) for row in told]
        filled = ", ".join("7" for _ in told)
        db.execute(f"INSERT INTO {quoted(name)} VALUES ({filled})")
        for column in (c for c in table.columns if c.is_rowid):
            query = f"SELECT {quoted(column.name)} = rowid FROM {quoted(name)}"
            assert db.execute(query).fetchone() == (1,)


@pytest.mark.parametrize(
    ("declared", "affinity"),
    [("INT", "INTEGER"), ("VARCHAR(9)", "TEXT"), ("FLOATING", "REAL"), ("", "BLOB"),
     ("DATE", "NUMERIC"), ("CHARINT", "INTEGER")],
)  # fmt: skip
def test_affinity_follows_the_declared_type(declared, affinity) -> None:
    assert table_of("t", 2, f"CREATE TABLE t (x {declared}, y)").columns[0].affinity == affinity


@pytest.mark.parametrize(
    "sql", ["CREATE VIRTUAL TABLE t USING fts5(a)", "CREATE TABLE t (a PRIMARY KEY) WITHOUT ROWID",
            "CREATE TABLE t AS SELECT 1", ""],
)  # fmt: skip
def test_tables_whose_rows_have_no_number_are_left(sql) -> None:
    assert table_of("t", 2, sql) is None


def test_a_table_is_understood_though_a_byte_of_its_statement_is_damaged() -> None:
    for sql in ("CREATE TABL\xe9 t (a INTEGER, b TEXT)", "CREATE TABLE t (a INTEGER, b\x0f TEXT"):
        assert [c.affinity for c in table_of("t", 2, sql).columns] == ["INTEGER", "TEXT"]
