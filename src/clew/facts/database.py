"""One database being read: its schema as it is, and pages of rows."""

import sqlite3
from collections.abc import Iterator
from functools import partial

from clew.facts.reader_api import Found
from clew.facts.scan import Query, Scan
from clew.facts.source_columns import Readout, Values, said, whole

__all__ = ["PAGE", "Database", "Values", "said", "schema", "whole"]

PAGE = 20_000


class Database(Readout):
    """A database open for reading, with the account of its rows and of what did not fit."""

    def __init__(self, found: Found, db: sqlite3.Connection) -> None:
        super().__init__(found)
        self.db = db
        self.tables = schema(db)

    def has(self, table: str, *columns: str) -> bool:
        """Whether the database has a table with these columns."""
        return table in self.tables and set(columns) <= set(self.tables[table])

    def column(self, table: str, name: str, alias: str | None = None) -> str:
        """A column for a SELECT; NULL where this version of the schema has none."""
        return f'{alias or table}."{name}"' if self.has(table, name) else "NULL"

    def columns(self, table: str, names: str, alias: str | None = None) -> str:
        """Several columns, named with spaces between."""
        return ", ".join(self.column(table, name, alias) for name in names.split())

    def join(self, table: str, alias: str, on: str) -> str:
        """A LEFT JOIN where the table is there, and nothing where it is not."""
        key = on.split(" = ", maxsplit=1)[0].split(".")[1]
        if not self.has(table, key):
            return ""
        source = table
        if not self._unique(table, key):  # a satellite must never multiply the rows it joins
            source = f"(SELECT *, min(rowid) FROM {table} GROUP BY {key})"
        return f"LEFT JOIN {source} AS {alias} ON {on}"

    def count(self, table: str, where: str = "1") -> int:
        """Rows of a table, counted by the database itself."""
        if table not in self.tables:
            return 0
        select = f'SELECT count(*) FROM "{_escaped(table)}" WHERE {where}'
        ((n,),) = self.fetch(table, select) or ((0,),)
        return int(n)

    def fetch(self, table: str, select: str) -> list[Values]:
        """Every row of a short query; none, and reported, where the table is damaged."""
        try:
            return self.db.execute(select).fetchall()
        except (sqlite3.Error, OverflowError) as error:
            self.report(table, "damaged", cause=error)
            return []

    def pages(
        self, table: str, select: str, key: str, *, size: int = PAGE
    ) -> Iterator[list[Values]]:
        """Columns of a query, some thousand rows at a time; see ``scan``."""
        yield from Scan(self.db, size, partial(self.report, table)).pages(Query(select, key))

    def rows(self, table: str, select: str, key: str) -> Iterator[Values]:
        """Rows of a query, one by one; see ``pages``."""
        for page in self.pages(table, select, key, size=2_000):
            yield from zip(*page, strict=True)

    def each(
        self, table: str, names: str, *, needs: str = "", key: str = "_id"
    ) -> Iterator[Values]:
        """Key and named columns of each row; none where the table lacks the key or what it needs.

        Columns that this version of the schema has not are NULL.
        """
        if self.has(table, *needs.split(), *({key} - {"rowid"})):
            select = f'SELECT {key}, {self.columns(table, names)} FROM "{_escaped(table)}"'
            yield from self.rows(table, select, key)

    def _unique(self, table: str, column: str) -> bool:
        """Whether a column alone tells the rows of a table from each other."""
        if self._key_of(table) == [column]:
            return True
        indices = self.fetch(table, f'PRAGMA index_list("{table}")')
        return any(
            [c[2] for c in self.fetch(table, f'PRAGMA index_info("{index[1]}")')] == [column]
            for index in indices
            if index[2] and not index[4]
        )

    def _key_of(self, table: str) -> list[str]:
        return [c[1] for c in self.fetch(table, f'PRAGMA table_info("{table}")') if c[5]]


def schema(db: sqlite3.Connection) -> dict[str, list[str]]:
    """Columns of every table; none of a table whose module or definition can't be used."""
    names = [n for (n,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return {name: _columns(db, name) for name in sorted(n for n in names if isinstance(n, str))}


def _columns(db: sqlite3.Connection, name: str) -> list[str]:
    try:
        return [column for _, column, *_ in db.execute(f'PRAGMA table_info("{_escaped(name)}")')]
    except sqlite3.OperationalError:  # such as a search index of an unknown kind
        return []


def _escaped(name: str) -> str:
    return name.replace('"', '""')
