"""Damaged databases: what is wrong with one, and a sound copy of what its pages still hold."""

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from clew.facts.sqlite import records
from clew.facts.sqlite.pages import (
    INTERIOR,
    KINDS,
    LEAF,
    MAGIC,
    Cell,
    Pages,
    cells,
    children,
    kind_of,
    pointers,
)
from clew.facts.sqlite.schema import Object, Table, objects, quoted, tables, walk

_MOST_TROUBLES = 20
_CLOSELY = 8
"""Every so many leaves each row is looked at; SQLite itself tells of damage in the others."""
_MOST_TRIED = 12
"""Cells of a page that are tried against each table."""


class Trouble(NamedTuple):
    """What is wrong with a page of a database, by its code, and the table it is of."""

    code: str
    page: int = 1
    table: str | None = None
    stated: int | None = None
    """Pages that the header states, where not all are there."""


def troubles(file: Path, wal: Path | None = None) -> list[Trouble]:
    """What is wrong with the pages of a database; empty where nothing is."""
    pages = Pages(file, wal)
    if bytes(pages.main[: len(MAGIC)]) != MAGIC:
        return [Trouble("page:header")]
    there = len(pages.main) // pages.size
    found = [Trouble("page:cut_off", there + 1)] if len(pages.main) % pages.size else []
    # where the header keeps it
    stated = struct.unpack_from(">I", pages.main, 28)[0] if len(pages.main) >= 32 else 0
    if not wal and stated > there:
        found.append(Trouble("page:missing", there, stated=stated))
    if kind_of(pages.page(1), 1) not in KINDS:
        return [*found, Trouble("page:damaged")]
    for one in objects(pages):
        if one.kind == "table" and one.root and len(found) < _MOST_TROUBLES:
            found += _trouble(pages, one)
    return found[:_MOST_TROUBLES]


def recover(file: Path, into: Path, wal: Path | None = None) -> dict[str, int]:
    """Write a new database of every row that the pages of a damaged one hold; rows by table.

    Rows keep their numbers. Indices, triggers and views are left out. Where a row stands twice the
    first counts; where a value is no text, its bytes are kept.
    """
    pages = Pages(file, wal)
    into.unlink(missing_ok=True)
    known = tables(objects(pages))
    if not known:
        return {}
    counts = {table.name: 0 for table in known}
    with closing(sqlite3.connect(into)) as db:
        written = [table for table in known if _create(db, table)]
        for number, table in _owners(pages, written):
            counts[table.name] += _insert(db, pages, number, table)
        db.commit()
    return counts


def _trouble(pages: Pages, one: Object) -> list[Trouble]:
    """What is wrong with the tree of one table."""
    found: list[Trouble] = []
    root = kind_of(pages.page(one.root), one.root)
    if root not in KINDS:
        return [Trouble("page:damaged", one.root, one.name)]
    for position, (number, is_leaf) in enumerate(walk(pages, one.root)):
        closely = position % _CLOSELY == 0
        found += [
            Trouble(code, page, one.name)
            for code, page in _page_trouble(pages, number, is_leaf=is_leaf, closely=closely)
        ]
        if len(found) >= _MOST_TROUBLES:
            break
    return found


def _page_trouble(
    pages: Pages, number: int, *, is_leaf: bool, closely: bool
) -> Iterator[tuple[str, int]]:
    """What is wrong with one page of a tree, or with one below it: code and page."""
    page, start = pages.page(number), 100 if number == 1 else 0
    found = pointers(pages, page, start)
    if len(found) != struct.unpack_from(">H", page, start + 3)[0]:
        yield "page:pointers", number
    elif is_leaf and closely and any(pages.cell(page, at) is None for at in found):
        yield "page:row", number
    elif not is_leaf:
        for below in children(pages, page, number):
            if kind_of(pages.page(below), below) not in (LEAF, INTERIOR):
                yield "page:damaged", below


def _owners(pages: Pages, known: list[Table]) -> list[tuple[int, Table]]:
    """Each leaf with its table: by the trees as far as they go, and by what its rows fit."""
    owner: dict[int, Table] = {}
    for table in known:
        for number, is_leaf in walk(pages, table.root):
            if is_leaf:
                owner.setdefault(number, table)
    free, _ = pages.freelist() if bytes(pages.main[: len(MAGIC)]) == MAGIC else (set[int](), {})
    for number in range(2, pages.count + 1):
        page = pages.page(number)
        if number not in owner and number not in free and kind_of(page, number) == LEAF:
            fitting = _fitting(pages, page, number, known)
            owner |= {number: fitting} if fitting else {}
    return sorted(owner.items(), key=lambda entry: entry[0])


def _fitting(pages: Pages, page: bytes, number: int, known: list[Table]) -> Table | None:
    """The one table whose schema the most rows of a page fit."""
    tried = [cell for cell, _ in zip(cells(pages, page, number), range(_MOST_TRIED), strict=False)]
    scores = [sum(_fits(page, cell, table) for cell in tried) for table in known]
    best = max(scores, default=0)
    return known[scores.index(best)] if best and scores.count(best) == 1 else None


def _fits(page: bytes, cell: Cell, table: Table) -> bool:
    limit = cell.end - (4 if cell.overflow else 0)
    found = records.header(page, cell.content, limit, table.columns)
    return found is not None and len(found[0]) * 2 > len(table.columns)


def _create(db: sqlite3.Connection, table: Table) -> bool:
    """Make a table as it was declared or, where that is refused, with its columns alone."""
    if table.name.startswith("sqlite_"):
        return False
    names = ", ".join(quoted(column.name) for column in table.columns)
    for statement in (table.sql, f"CREATE TABLE {quoted(table.name)} ({names})"):
        try:
            db.execute(statement)
        except sqlite3.Error:
            continue
        return True
    return False


def _insert(db: sqlite3.Connection, pages: Pages, number: int, table: Table) -> int:
    page, written = pages.page(number), 0
    for cell in cells(pages, page, number):
        row = _row(pages, page, cell, table)
        if row is None:
            continue
        names = ", ".join(quoted(n) for n in ("rowid", *row))
        marks = ", ".join("?" * (1 + len(row)))
        statement = f"INSERT OR IGNORE INTO {quoted(table.name)} ({names}) VALUES ({marks})"
        try:
            written += db.execute(statement, (cell.rowid, *row.values())).rowcount
        except (sqlite3.Error, OverflowError):
            continue
    return written


def _row(pages: Pages, page: bytes, cell: Cell, table: Table) -> dict[str, Any] | None:
    """Values of a row that fit its table, but for the one that stands for its number."""
    record = pages.overflowing(cell, page)
    found = records.header(record, 0, len(record), table.columns) if record else None
    if not record or not found:
        return None
    decoded = records.values(record, found[1], found[0], pages.encoding, strict=False)
    if decoded is None:
        return None
    named = zip(table.columns, decoded, strict=False)
    return {column.name: value for column, value in named if not column.is_rowid}
