"""One database being read: its schema as it is, pages of rows, and columns that hold what fits."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from clew.facts.reading import Found, Tally
from clew.facts.scan import Query, Scan, written_out
from clew.records.facts import Account, Severity, Unread
from clew.schema import Id

PAGE = 20_000
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_EXACT = 2**53
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST_MS = 253_402_300_799_000
_SECONDS_BELOW = 100_000_000_000
"""A time below this is in seconds, since in milliseconds it would lie before March 1973."""

Values = Sequence[Any]


class Database:
    """A database open for reading, with the account of its rows and of what did not fit."""

    platform: str
    """Messenger whose database it is, as it stands before its ids."""
    reader: str
    """Name of the reader that reads it."""

    def __init__(self, found: Found, db: sqlite3.Connection) -> None:
        self.found = found
        self.db = db
        self.tally = Tally()
        self.tables = schema(db)
        self.owner: Id[Account] = Id(f"{self.platform}:owner:{found.item_id}")
        self.fact: dict[str, Any] = {"exhibit_id": found.exhibit_id, "source_id": found.source_id}
        self._misfits: Counter[tuple[str, str]] = Counter()
        self._first: dict[tuple[str, str], str] = {}
        self._unread: list[Unread] = []

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
            source = f"(SELECT *, min(rowid) FROM {table} GROUP BY {key})"  # noqa: S608 - names of the schema
        return f"LEFT JOIN {source} AS {alias} ON {on}"

    def count(self, table: str, where: str = "1") -> int:
        """Rows of a table, counted by the database itself."""
        if table not in self.tables:
            return 0
        select = f'SELECT count(*) FROM "{_escaped(table)}" WHERE {where}'  # noqa: S608 - likewise
        ((n,),) = self.fetch(table, select) or ((0,),)
        return int(n)

    def fetch(self, table: str, select: str) -> list[Values]:
        """Every row of a short query; none, and told, where the table is damaged."""
        try:
            return self.db.execute(select).fetchall()
        except (sqlite3.Error, OverflowError) as error:
            self.tell(table, "damaged", f"{table} can't be read: {error}")
            return []

    def pages(
        self, table: str, select: str, key: str, *, size: int = PAGE
    ) -> Iterator[list[Values]]:
        """Columns of a query, some thousand rows at a time; see ``scan``."""

        def tell(code: str, reason: str) -> None:
            self.tell(table, code, f"rows of {table}: {reason}")

        yield from Scan(self.db, size, tell).pages(Query(select, key))

    def rows(self, table: str, select: str, key: str) -> Iterator[Values]:
        """Rows of a query, one by one; see ``pages``."""
        for page in self.pages(table, select, key, size=2_000):
            yield from zip(*page, strict=True)

    def tell(self, locator: str, code: str, reason: str, severity: Severity | None = None) -> None:
        """Report something that could not be read, or was left out on purpose."""
        of_code = Severity.ERROR if code == "damaged" else Severity.WARNING
        unread = self.found.unread(
            locator, code, reason, reader=self.reader, severity=severity or of_code
        )
        if unread not in self._unread:
            self._unread.append(unread)

    def unread(self) -> Iterator[Unread]:
        """Everything that could not be read so far, and values that did not fit, with counts."""
        yield from self._unread
        for (column, kind), number in sorted(self._misfits.items()):
            reason = f"{number} values of {column} are no {kind} and are left empty"
            yield self.found.unread(
                self._first[column, kind],
                "misfit",
                f"{reason}; the first stands here",
                reader=self.reader,
            )
        self._unread, self._misfits = [], Counter()

    def ints(self, column: str, values: Values, at: Values) -> pa.Array:
        """Whole numbers; what is none is left empty and told."""
        return self._fitting(column, "whole number", values, at, pa.int64(), whole)

    def texts(self, column: str, values: Values, at: Values) -> pa.Array:
        """Texts; what is none is written out, or told."""
        return self._fitting(column, "text", values, at, pa.string(), said)

    def times(self, column: str, values: Values, at: Values) -> pa.Array:
        """Times from milliseconds since 1970; zero and -1 stand for none."""
        numbers = self.ints(column, values, at)
        fits = pc.and_(pc.greater(numbers, 0), pc.less_equal(numbers, _LATEST_MS))
        odd = pc.and_(pc.invert(fits), pc.not_equal(numbers, 0))
        odd = pc.fill_null(pc.and_(odd, pc.not_equal(numbers, -1)), fill_value=False)
        if pc.any(odd).as_py():
            for place in pc.indices_nonzero(odd).to_pylist():
                self._misfit(column, "time", at[place])
        nulls = pa.scalar(None, pa.int64())
        kept = pc.if_else(pc.fill_null(fits, fill_value=False), numbers, nulls)
        return pc.multiply(kept, 1000).cast(pa.timestamp("us", "UTC"))

    def milliseconds(self, stored: float) -> int:
        """A time as this messenger stores it, in milliseconds since 1970."""
        return int(stored)

    def time(self, column: str, value: object, at: object) -> datetime | None:
        """One time, from milliseconds or, where it can only be that, from seconds."""
        number = whole(value)
        if number is None or number in (0, -1):
            if number is None and value is not None:
                self._misfit(column, "time", at)
            return None
        if 0 < number < _SECONDS_BELOW:
            number *= 1000
        if not 0 < number <= _LATEST_MS:
            self._misfit(column, "time", at)
            return None
        return _EPOCH + timedelta(milliseconds=number)

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

    def _fitting(  # noqa: PLR0913, PLR0917 - one place for what three kinds of column share
        self,
        column: str,
        kind: str,
        values: Values,
        at: Values,
        arrow: pa.DataType,
        mend: Callable[[object], object],
    ) -> pa.Array:
        try:
            return pa.array(values, arrow)
        except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeEncodeError, OverflowError, TypeError):
            mended = []
            for value, place in zip(values, at, strict=True):
                fit = mend(value)
                if fit is None and value is not None:
                    self._misfit(column, kind, place)
                mended.append(fit)
            return pa.array(mended, arrow)

    def _misfit(self, column: str, kind: str, place: object) -> None:
        self._misfits[column, kind] += 1
        self._first.setdefault((column, kind), f"{column.partition('.')[0]}/{place}")


def schema(db: sqlite3.Connection) -> dict[str, list[str]]:
    """Columns of every table; none of a table whose module or definition can't be used."""
    names = [n for (n,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return {name: _columns(db, name) for name in sorted(n for n in names if isinstance(n, str))}


def _columns(db: sqlite3.Connection, name: str) -> list[str]:
    try:
        return [column for _, column, *_ in db.execute(f'PRAGMA table_info("{_escaped(name)}")')]
    except sqlite3.OperationalError:  # such as a search index of an unknown kind
        return []


def whole(value: object) -> int | None:
    """A whole number, also where it is written as text; None for all else."""
    if isinstance(value, str):
        return int(value) if _WHOLE.fullmatch(value) else None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < _EXACT else None
    return value if isinstance(value, int) else None


def said(value: object) -> str | None:
    """A value as text; bytes that are no text are written out."""
    if isinstance(value, bytes):
        return written_out(value)
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    return None if value is None else str(value)


def _escaped(name: str) -> str:
    return name.replace('"', '""')
