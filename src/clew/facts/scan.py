"""Reading a table page by page, around text that is not UTF-8 and around damaged pages."""

import sqlite3
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from typing import Any

import msgspec

Columns = list[Sequence[Any]]
_FARTHEST = 1 << 42
"""How far to look for the next row behind a damaged page, in row numbers."""
_ERRORS = (sqlite3.Error, OverflowError)
_MOST_DETOURS = 200
"""Around how many damaged pages of one table to look for more; pages in a circle have no end."""


class Query(msgspec.Struct, frozen=True):
    """A query that reads a table in the order of its rows."""

    select: str
    """Ends before its WHERE or after its last condition."""
    key: str
    """First column of the query: unique, and the order of its rows."""

    def after(self, last: int | None) -> str:
        """The statement for the rows after a row number."""
        joint = " AND " if " WHERE " in self.select else " WHERE "
        limited = f"{joint}{self.key} > {last}" if last is not None else ""
        return f"{self.select}{limited} ORDER BY {self.key}"


class Scan:
    """One pass over a table: what can be read is yielded, and what can't is reported."""

    def __init__(self, db: sqlite3.Connection, size: int, report: Callable[..., None]) -> None:
        self._db = db
        self._size = size
        self._report = report
        self._detours = 0

    def pages(self, query: Query) -> Iterator[Columns]:
        """Columns of the query, some thousand rows at a time."""
        last: int | None = None
        while True:
            try:
                cursor = self._db.execute(query.after(last))
                while rows := cursor.fetchmany(self._size):
                    page: Columns = list(zip(*rows, strict=True))
                    last = _furthest(page[0], last)
                    yield page
            except _ERRORS as error:
                if not self._made_readable(error):
                    last = yield from self._around(query, last, error)
                    if last is None:
                        return
            else:
                return

    def _made_readable(self, error: Exception) -> bool:
        """Whether the text is only not UTF-8: from here on its bytes are written out."""
        if "decode" not in str(error).lower() or self._db.text_factory is not str:
            return False
        self._report("encoding:bytes")
        self._db.text_factory = written_out
        return True

    def _around(
        self, query: Query, last: int | None, error: Exception
    ) -> Generator[Columns, None, int | None]:
        """Rows up to a damaged page; the row number after which reading goes on, if any."""
        self._report("damaged", cause=error)
        self._detours += 1
        before = last or 0
        passed = self._one_by_one(query, last)  # in a damaged table rows may come again
        rows = [r for r in passed if isinstance(r[0], int) and (last is None or r[0] > last)]
        if rows:
            yield list(zip(*rows, strict=True))
            before = max(row[0] for row in rows)
        if self._detours > _MOST_DETOURS:
            self._report("given_up", n=_MOST_DETOURS)
            return None
        beyond = self._beyond(query, before)
        return None if beyond is None else beyond - 1

    def _one_by_one(self, query: Query, last: int | None) -> Iterator[tuple[Any, ...]]:
        """Rows up to the damaged page."""
        with suppress(*_ERRORS):
            yield from self._db.execute(query.after(last))

    def _beyond(self, query: Query, last: int) -> int | None:
        """The first row number behind a damaged page from which reading goes on."""
        far = 1
        while not self._readable(query, last + far - 1):
            far *= 2
            if far > _FARTHEST:
                return None
        near = far // 2
        while far - near > 1:
            middle = (near + far) // 2
            if self._readable(query, last + middle - 1):
                far = middle
            else:
                near = middle
        return last + max(far, 2)

    def _readable(self, query: Query, last: int) -> bool:
        try:
            self._db.execute(f"{query.after(last)} LIMIT 1").fetchone()
        except _ERRORS:
            return False
        return True


def _furthest(rows: Sequence[Any], last: int | None) -> int | None:
    """Where reading goes on after a page, never before where it was."""
    newest = rows[-1]
    return max(newest, last or newest) if isinstance(newest, int) else last


def written_out(raw: bytes) -> str:
    """Text whose bytes that are not UTF-8 are written out."""
    return raw.decode("utf-8", "backslashreplace")
