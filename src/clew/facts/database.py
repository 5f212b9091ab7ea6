"""One database being read: its schema as it is, and pages of rows."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from clew.facts.reader_api import Found
from clew.facts.scan import Query, Scan
from clew.facts.source_columns import Readout, Values, said
from clew.schema import Id, Row

PAGE = 20_000


class Join(NamedTuple):
    """What another table says of the rows of a selection; nothing where the schema lacks it."""

    table: str
    alias: str
    on: str
    """Its column, and the column that it equals, such as ``message_row_id = m._id``."""
    names: str
    """Columns with spaces between; they are read as ``alias.name``."""


class Selection(NamedTuple):
    """Columns of a table, and of others that say more of its rows."""

    table: str
    names: str
    """Columns with spaces between; they are read by their name or, if it has one, with alias."""
    joins: tuple[Join, ...] = ()
    key: str = "_id"
    alias: str = ""
    where: str = ""


class SourceRow:
    """A row of a selection: its values by the names of their columns; NULL where there is none."""

    __slots__ = ("_base", "_names", "_table", "_values", "key", "locator")

    def __init__(self, base: "Database", table: str, names: dict[str, int], values: Values) -> None:
        self._base = base
        self._table = table
        self._names = names
        self._values = values
        self.key = values[0]
        self.locator = f"{table}/{self.key}"
        """Table and key."""

    def __getitem__(self, name: str) -> Any:
        return self._values[self._names[name]]

    @property
    def at(self) -> dict[str, Any]:
        """Columns of a fact that stands here."""
        return self._base.at(self.locator)

    @property
    def event(self) -> Id[Any]:
        """Id of the event that the row is."""
        return self._base.found.event(self.locator)

    def text(self, name: str) -> str | None:
        """A value as text."""
        return said(self[name])

    def time(self, name: str) -> datetime | None:
        """A time."""
        return self._base.moment(f"{self._table}.{name}", self[name], self.key)

    def became(self, kind: type[Row]) -> dict[str, Any]:
        """Count the row as one that became a fact, and give the columns that every fact has."""
        self._base.tally.emitted(self._table, kind)
        return self.at

    def skipped(self, code: str) -> None:
        """Count the row as left out."""
        self._base.tally.skipped(self._table, code)


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

    def columns_of(self, wanted: Selection, *, size: int = PAGE) -> Iterator[dict[str, Values]]:
        """Columns of a selection by their names, some thousand rows at a time; its key as ``key``.

        Columns that this version of the schema has not are NULL.
        """
        main, key = wanted.alias or wanted.table, f"{wanted.alias or wanted.table}.{wanted.key}"
        known = {main: wanted.table}
        prefix = f"{wanted.alias}." if wanted.alias else ""
        labels = ["key", *(prefix + name for name in wanted.names.split())]
        fields, joins = [key, self.columns(wanted.table, wanted.names, main)], list[str]()
        for table, alias, on, names in wanted.joins:
            own, _, other = on.partition(" = ")
            of, _, column = other.partition(".")
            there = self.has(table, own) and self.has(known.get(of, ""), column)
            labels += [f"{alias}.{name}" for name in names.split()]
            fields.append(self.columns(table if there else "", names, alias))
            if there:
                known[alias] = table
                joins.append(self.join(table, alias, f"{alias}.{on}"))
        listed = ", ".join(filter(None, fields))
        select = f'SELECT {listed} FROM "{_escaped(wanted.table)}" AS {main} {" ".join(joins)}'
        select += f" WHERE {wanted.where}" if wanted.where else ""
        for page in self.pages(wanted.table, select, key, size=size):
            yield dict(zip(labels, page, strict=True))

    def rows_of(self, wanted: Selection) -> Iterator[SourceRow]:
        """Rows of a selection, one by one."""
        for page in self.columns_of(wanted, size=2_000):
            names = {name: position for position, name in enumerate(page)}
            for values in zip(*page.values(), strict=True):
                yield SourceRow(self, wanted.table, names, values)

    def each(
        self, table: str, names: str, *, needs: str = "", key: str = "_id"
    ) -> Iterator[SourceRow]:
        """Each row of a table; none where it lacks the key or a column that is needed."""
        if self.has(table, *needs.split(), *({key} - {"rowid"})):
            yield from self.rows_of(Selection(table, names, key=key))

    def moment(self, column: str, stored: object, at: object) -> datetime | None:
        """One time as this database stores times."""
        return self.time(column, stored, at)

    def _unique(self, table: str, column: str) -> bool:
        """Whether a column alone tells the rows of a table from each other."""
        if [c[1] for c in self.fetch(table, f'PRAGMA table_info("{table}")') if c[5]] == [column]:
            return True
        indices = self.fetch(table, f'PRAGMA index_list("{table}")')
        return any(
            [c[2] for c in self.fetch(table, f'PRAGMA index_info("{index[1]}")')] == [column]
            for index in indices
            if index[2] and not index[4]
        )


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
