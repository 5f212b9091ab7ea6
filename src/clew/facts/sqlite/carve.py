"""Rows that are not live, wherever SQLite leaves their bytes.

A row is reported where its bytes agree with each other and with the schema of the one table that
owns the page; where the page has no owner, with one table only. What is live, or a stale copy of
what is live, is never reported.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from clew.facts.sqlite import records
from clew.facts.sqlite.pages import LEAF, Cell, Page, Pages
from clew.facts.sqlite.schema import SCHEMA, SCHEMA_COLUMNS, Table, objects, table_of, tables
from clew.facts.sqlite.tiles import Space, Tile

_MOST_BLOCKS = 20_000


class Carved(msgspec.Struct, frozen=True, kw_only=True):
    """A row that is not live."""

    table: str
    rowid: int | None
    values: dict[str, Any]
    state: str
    """Where it was found; see ``clew.records.recovered``."""
    page: int
    offset: int
    """Byte at which it begins in the file named by ``part``."""
    part: str
    complete: bool


class _Remains(msgspec.Struct, frozen=True):
    """A row found in a page, before it is compared with those that are live."""

    table: Table
    tile: Tile
    state: str
    page: Page


def carve(file: Path, wal: Path | None = None, journal: Path | None = None) -> Iterator[Carved]:
    """Rows of a database that are not live, each once."""
    pages = Pages(file, wal, journal)
    if not pages.count or len(pages.main) < pages.size:
        return
    found = sorted(_Search(pages).remains(), key=lambda one: one.tile.rowid is None)
    live = _Live(pages, found)
    seen: set[tuple[Any, ...]] = set()
    for one in found:  # those with a number first: the same row without one is the same row
        values = tuple(map(_hashable, one.tile.values))
        known = (one.table.name, values if one.tile.complete else values[1:])
        numbered = (one.table.name, one.tile.rowid, values)
        state = live.state(one)
        if state is None or numbered in seen or (one.tile.rowid is None and known in seen):
            continue
        seen |= {numbered, (one.table.name, values), (one.table.name, values[1:])}
        yield _carved(one, state)


class _Search:
    """Every page of a database, looked at for what is not live."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        schema = Table(SCHEMA, 1, "", SCHEMA_COLUMNS)
        self._tables = tables(objects(pages))
        self._owner: dict[int, Table] = {}
        for table in (schema, *self._tables):
            for page in pages.walk(table.root):
                self._owner.setdefault(page.number, table)
        self._free, self._trunks = pages.freelist()
        self._candidates = [*self._tables, *self._dropped(schema)]

    def remains(self) -> list[_Remains]:
        """What was found, in the order in which states are preferred."""
        found: list[_Remains] = []
        for page in map(self._pages.page, range(1, self._pages.count + 1)):
            found += self._current(page)
        for page in self._pages.older:
            if page.kind == LEAF:
                owner = self._owner.get(page.number)
                found += self._leaf(page, [owner] if owner else self._candidates, page.state)
        return [one for one in found if one.table.name != SCHEMA]

    def _current(self, page: Page) -> list[_Remains]:
        owner = self._owner.get(page.number)
        if owner is not None:
            return list(self._in_use(page, owner)) if page.kind == LEAF else []
        if page.number in self._trunks:
            start = self._trunks[page.number]
            return self._best([list(self._scan(page, t, start)) for t in self._candidates])
        if page.number in self._free or page.kind == LEAF:
            return self._leaf(page, self._candidates, "freelist")
        return []

    def _leaf(self, page: Page, candidates: list[Table], state: str) -> list[_Remains]:
        """All of a page that is not current: its cells, and what is between them."""
        if page.kind == LEAF:
            return self._best([list(self._all(page, t, state)) for t in candidates])
        return self._best([list(self._scan(page, t, 0)) for t in candidates])

    def _all(self, page: Page, table: Table, state: str) -> Iterator[_Remains]:
        space = Space(self._pages, page.data, table, self._free)
        for cell in self._pages.cells(page):
            if tile := space.whole(cell.start, self._pages.usable):
                yield _Remains(table, tile, state, page)
        for one in self._in_use(page, table):
            yield msgspec.structs.replace(one, state=state)

    def _scan(self, page: Page, table: Table, start: int) -> Iterator[_Remains]:
        space = Space(self._pages, page.data, table, self._free)
        for tile in space.scanned(start, min(self._pages.usable, len(page.data))):
            yield _Remains(table, tile, "freelist", page)

    def _in_use(self, page: Page, table: Table) -> Iterator[_Remains]:
        """Free blocks and unallocated space of a leaf."""
        usable = self._pages.usable
        if len(page.data) < self._pages.size:
            return
        free, count, content = struct.unpack_from(">HHH", page.data, page.start + 1)
        space = Space(self._pages, page.data, table, self._free)
        taken = set(self._pages.pointers(page))
        for at, end in _blocks(page.data, free, usable):
            for tile in space.block(at, end):
                yield _Remains(table, tile, "freeblock", page)
        first = page.start + 8 + 2 * count
        for tile in space.stale(first, min(content or 65536, usable)):
            if tile.start not in taken:
                yield _Remains(table, tile, "unallocated", page)

    def _best(self, found: list[list[_Remains]]) -> list[_Remains]:
        """What the one table makes of a page whose rows cover the most of it; none if two do."""
        covered = [sum(r.tile.end - r.tile.start for r in one) for one in found]
        most = max(covered, default=0)
        return found[covered.index(most)] if most and covered.count(most) == 1 else []

    def _dropped(self, schema: Table) -> list[Table]:
        """Tables that the schema once had."""
        known = {table.name for table in self._tables}
        made: dict[str, Table] = {}
        for page in self._pages.leaves(1):
            for one in self._in_use(page, schema):
                kind, name, _, root, sql = (*one.tile.values, *[None] * 5)[:5]
                if kind == "table" and isinstance(sql, str) and name not in known:
                    table = table_of(str(name), root or 0, sql)
                    made |= {str(name): table} if table else {}
        return list(made.values())


class _Live:
    """Live rows that what was found could be: of the same number, or of the same values."""

    def __init__(self, pages: Pages, found: list[_Remains]) -> None:
        self._pages = pages
        self._by_rowid: dict[str, dict[int, tuple[Any, ...]]] = {}
        self._values: dict[str, set[tuple[Any, ...]]] = {}
        for table in {one.table.name: one.table for one in found}.values():
            mine = [one.tile for one in found if one.table.name == table.name]
            self._read(table, mine)

    def state(self, one: _Remains) -> str | None:
        """The state of what was found; None where it is live, or a copy of what is live."""
        values = tuple(map(_hashable, one.tile.values))
        if one.tile.rowid is None:
            rest = values if one.tile.complete else values[1:]
            return None if rest in self._values[one.table.name] else one.state
        decoded = self._by_rowid[one.table.name].get(one.tile.rowid)
        if decoded is None:
            return one.state
        return None if decoded[: len(values)] == values else "superseded"

    def _read(self, table: Table, tiles: list[Tile]) -> None:
        """Live rows of a table, decoded only where their number or their size is asked for."""
        rowids = {tile.rowid for tile in tiles}
        by_rowid = self._by_rowid.setdefault(table.name, {})
        values = self._values.setdefault(table.name, set())
        for page in self._pages.leaves(table.root):
            for cell in self._pages.cells(page):
                asked = None in rowids or cell.rowid in rowids
                if asked and (row := self._row(page.data, cell)) is not None:
                    by_rowid[cell.rowid] = row
                    values |= {row, row[1:]}

    def _row(self, page: bytes, cell: Cell) -> tuple[Any, ...] | None:
        record = self._pages.overflowing(cell, page)
        try:
            size, first = records.varint(record or b"", 0)
        except IndexError:
            return None
        types = records.serials(record or b"", first, size)
        if record is None or types is None:
            return None
        decoded = records.values(record, size, types, self._pages.encoding, strict=False)
        return None if decoded is None else tuple(map(_hashable, decoded))


def _blocks(page: bytes, first: int, usable: int) -> Iterator[tuple[int, int]]:
    """Free blocks of a page, by their chain, which goes upwards only."""
    at, last = first, 0
    for _ in range(_MOST_BLOCKS):
        if not last < at <= usable - 4:
            return
        following, size = struct.unpack_from(">HH", page, at)
        if size >= 4 and at + size <= usable:  # the least that a block can have
            yield at, at + size
        last, at = at, following


def _carved(one: _Remains, state: str) -> Carved:
    rowid = one.tile.rowid
    named = zip(one.table.columns, one.tile.values, strict=False)
    return Carved(
        table=one.table.name,
        rowid=rowid,
        values={c.name: v if rowid is None or not c.is_rowid else rowid for c, v in named},
        state=state,
        page=one.page.number,
        offset=one.page.base + one.tile.start,
        part=one.page.part,
        complete=one.tile.complete,
    )


def _hashable(value: Any) -> Any:
    """Values that compare as the rows do: 1 and 1.0 are not the same."""
    return (value,) if isinstance(value, float) else value
