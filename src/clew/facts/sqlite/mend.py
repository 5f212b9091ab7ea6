"""Damaged databases: what is wrong with one, and a sound copy of what its pages still hold."""

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from clew.facts.sqlite import records
from clew.facts.sqlite.pages import INTERIOR, KINDS, LEAF, MAGIC, Cell, Page, Pages
from clew.facts.sqlite.schema import Object, Table, objects, quoted, tables

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
    if pages.page(1).kind not in KINDS:
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
        for page, table in _owners(pages, written):
            counts[table.name] += _insert(db, pages, page, table)
        db.commit()
    return counts


def _trouble(pages: Pages, one: Object) -> list[Trouble]:
    """What is wrong with the tree of one table."""
    found: list[Trouble] = []
    if pages.page(one.root).kind not in KINDS:
        return [Trouble("page:damaged", one.root, one.name)]
    for position, page in enumerate(pages.walk(one.root)):
        wrong = _page_trouble(pages, page, closely=position % _CLOSELY == 0)
        found += [Trouble(code, number, one.name) for code, number in wrong]
        if len(found) >= _MOST_TROUBLES:
            break
    return found


def _page_trouble(pages: Pages, page: Page, *, closely: bool) -> Iterator[tuple[str, int]]:
    """What is wrong with one page of a tree, or with one below it: code and page."""
    found, is_leaf = pages.pointers(page), page.kind == LEAF
    if len(found) != struct.unpack_from(">H", page.data, page.start + 3)[0]:
        yield "page:pointers", page.number
    elif is_leaf and closely and any(pages.cell(page.data, at) is None for at in found):
        yield "page:row", page.number
    elif not is_leaf:
        for below in pages.children(page):
            if pages.page(below).kind not in (LEAF, INTERIOR):
                yield "page:damaged", below


def _owners(pages: Pages, known: list[Table]) -> list[tuple[Page, Table]]:
    """Each leaf with its table: by the trees as far as they go, and by what its rows fit."""
    owner: dict[int, Table] = {}
    for table in known:
        for page in pages.leaves(table.root):
            owner.setdefault(page.number, table)
    free, _ = pages.freelist() if bytes(pages.main[: len(MAGIC)]) == MAGIC else (set[int](), {})
    for page in map(pages.page, range(2, pages.count + 1)):
        if page.number not in owner and page.number not in free and page.kind == LEAF:
            fitting = _fitting(pages, page, known)
            owner |= {page.number: fitting} if fitting else {}
    return [(pages.page(number), owner[number]) for number in sorted(owner)]


def _fitting(pages: Pages, page: Page, known: list[Table]) -> Table | None:
    """The one table whose schema the most rows of a page fit."""
    tried = list(islice(pages.cells(page), _MOST_TRIED))
    scores = [sum(_fits(page.data, cell, table) for cell in tried) for table in known]
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


def _insert(db: sqlite3.Connection, pages: Pages, page: Page, table: Table) -> int:
    """Write the rows of a page that fit its table, but for the column that is their number."""
    written = 0
    for cell in pages.cells(page):
        record = pages.overflowing(cell, page.data)
        values = records.row(record, table.columns, pages.encoding) if record else None
        if values is None:
            continue
        named = zip(table.columns, values, strict=False)
        row = {column.name: value for column, value in named if not column.is_rowid}
        names = ", ".join(quoted(n) for n in ("rowid", *row))
        marks = ", ".join("?" * (1 + len(row)))
        statement = f"INSERT OR IGNORE INTO {quoted(table.name)} ({names}) VALUES ({marks})"
        with suppress(sqlite3.Error, OverflowError):
            written += db.execute(statement, (cell.rowid, *row.values())).rowcount
    return written
