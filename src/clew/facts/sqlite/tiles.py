"""Cells that were freed, found again in the space that they left.

A cell that is freed becomes a free block, whose first four bytes are overwritten by the offset of
the next one and its own size; neighbours are joined to it and stay whole. What was there must tile
the block to the byte, which is what tells a row from bytes that look like one.
"""

import heapq
import re
import struct
from collections.abc import Iterator
from typing import Any

import msgspec

from clew.facts.sqlite import records
from clew.facts.sqlite.pages import Pages
from clew.facts.sqlite.records import ONE, Column
from clew.facts.sqlite.schema import Table

_LOST = 4
"""Bytes at the beginning of a free block that are overwritten."""
_FRAGMENT = 3
"""Bytes too few for a block of their own, which may lie between cells."""
_LONGEST_ROWID = 9
_ONE_BYTE = 128
_STEPS = 4000
_SKIPPED = 100
"""What a byte that belongs to no row costs a tiling; a deduced row costs a tenth of it."""
_A_TEXT = 23
"""Type of a text of five bytes."""
_LEAST = 8
"""Bytes of the smallest block that is looked for without a chain that leads to it."""
_BLOCK = struct.Struct(">HH")
_SOMETHING = re.compile(rb"[^\0]")


class Tile(msgspec.Struct, frozen=True):
    """A row's bytes in a page."""

    start: int
    end: int
    rowid: int | None
    types: tuple[int, ...]
    values: tuple[Any, ...]
    sure: bool
    """Its header is there, whole or but for its size; otherwise its first type was deduced."""
    complete: bool = True
    """Every value is there."""


class Space:
    """Free space of one page, read as rows of one table."""

    def __init__(self, pages: Pages, page: bytes, table: Table, free: set[int]) -> None:
        self._pages = pages
        self._page = page
        self._columns = table.columns
        self._free = free

    def whole(self, at: int, end: int) -> Tile | None:
        """A cell that begins whole at an offset."""
        cell = self._pages.cell(self._page, at)
        if cell is None or cell.end > end:
            return None
        page = self._page
        start, limit = cell.content, cell.end
        if cell.overflow:
            record = self._pages.overflowing(cell, page, self._free)
            if record is None:
                return None
            page, start, limit = record, 0, len(record)
        found = records.header(page, start, limit, self._columns)
        if found is None:
            return None
        types, body = found
        if body - start + sum(map(records.size_of, types)) != cell.payload:
            return None
        values = records.values(page, body, types, self._pages.encoding, strict=True)
        if values is None:
            return None
        return Tile(at, cell.end, cell.rowid, types, values, sure=True)

    def scanned(self, start: int, end: int) -> Iterator[Tile]:
        """Every cell that stands whole between two offsets."""
        at = start
        while found := _SOMETHING.search(self._page, at, end):
            at = found.start()
            if tile := self.whole(at, end):
                yield tile
                at = tile.end
            else:
                at += 1

    def stale(self, start: int, end: int) -> Iterator[Tile]:
        """Rows between two offsets that are not in use any more: whole, or once a free block.

        A block that was free before its page was emptied still begins with its size.
        """
        reached = start
        for tile in [*self.scanned(start, end), None]:
            until = tile.start if tile else end
            yield from self._once_free(reached, until)
            if tile:
                yield tile
                reached = tile.end

    def _once_free(self, start: int, end: int) -> Iterator[Tile]:
        at = start
        while at <= end - _LEAST and (found := _SOMETHING.search(self._page, at, end)):
            at = max(at, found.start() - _LOST + 1)
            following, size = _BLOCK.unpack_from(self._page, at)
            fits = _LEAST <= size <= end - at and (
                following == 0 or at + size <= following < self._pages.usable
            )
            tiles = self._tiled(at, at + size, exactly=True) if fits else None
            yield from tiles or ()
            at = at + size if tiles else at + 1

    def block(self, start: int, end: int) -> list[Tile]:
        """Rows of a free block: those that tile it or, where none do, those that are whole."""
        tiles = self._tiled(start, end)
        if tiles is not None:
            return tiles
        first = next((t for t in self._damaged(start, end) if t.sure), None)
        behind = first.end if first else start + _LOST
        return [*([first] if first else []), *self.scanned(behind, end)]

    def _tiled(self, start: int, end: int, *, exactly: bool = False) -> list[Tile] | None:
        """The tiles that cover a block with the fewest bytes left over, and fewest deduced."""
        reached: dict[int, tuple[int, Tile | None, int]] = {start: (0, None, start)}
        waiting = [start]
        seen: set[int] = set()
        for _ in range(_STEPS):
            if not waiting:
                break
            at = heapq.heappop(waiting)
            if at in seen or at >= end:
                continue
            seen.add(at)
            cost, before, _ = reached[at]
            anchored = at == start or before is not None
            for tile, more in self._next(at, end, is_first=at == start, anchored=anchored):
                to = tile.end if tile else at + 1
                if to not in reached or cost + more < reached[to][0]:
                    reached[to] = (cost + more, tile, at)
                    heapq.heappush(waiting, to)
        spare = 0 if exactly else _FRAGMENT
        ends = [n for n in range(end, end - spare - 1, -1) if n in reached]
        best = min(ends, key=lambda n: reached[n][0] + _SKIPPED * (end - n), default=None)
        if best is None or best == start or (exactly and reached[best][0] >= _SKIPPED):
            return None
        return _path(reached, best, start)

    def _next(
        self, at: int, end: int, *, is_first: bool, anchored: bool
    ) -> Iterator[tuple[Tile | None, int]]:
        """What may come next; behind bytes of no row, only what still has its header."""
        whole = None if is_first else self.whole(at, end)
        if whole:
            yield whole, 0
        else:
            for tile in self._damaged(at, end, anchored=anchored):
                yield tile, 1 if tile.sure else 10
        if not is_first:
            yield None, _SKIPPED

    def _damaged(self, at: int, end: int, *, anchored: bool = True) -> Iterator[Tile]:
        """Cells whose first four bytes are lost, as far as the rest lets them be rebuilt.

        Text can pass for types; only where a row must begin are they taken without their header.
        """
        for before in range(_LOST, _LOST + _LONGEST_ROWID):
            yield from self._with_header(at, before, end)
        if not anchored:
            return
        yield from self._with_types(at, end)
        yield from self._without_first(at, end)

    def _with_header(self, at: int, before: int, end: int) -> Iterator[Tile]:
        """The record is whole; of what stood before it, some of the row number may be left."""
        start = at + before
        found = records.header(self._page, start, end, self._columns)
        if found is None or len(found[0]) != len(self._columns):
            return
        types, body = found
        until = body + sum(map(records.size_of, types))
        rowid = before - records.varint_size(until - start)
        left = self._page[at + _LOST : start]
        well_formed = all(b >= _ONE_BYTE for b in left[:-1]) and all(
            b < _ONE_BYTE for b in left[-1:]
        )
        if 1 <= rowid <= _LONGEST_ROWID and well_formed:
            yield from self._made(at, body, types, end, sure=True)

    def _with_types(self, at: int, end: int) -> Iterator[Tile]:
        """The size of the header is lost, and its types are all there."""
        found = self._types(at + _LOST, len(self._columns), end)
        if found:
            types, body = found
            size = 1 + body - at - _LOST
            payload = size + sum(map(records.size_of, types))
            fits = size < _ONE_BYTE and records.varint_size(payload) in (1, 2)
            if fits and records.fits(types, self._columns):
                yield from self._made(at, body, types, end, sure=True)

    def _without_first(self, at: int, end: int) -> Iterator[Tile]:
        """The first type is lost too: every type that the column takes is tried.

        A text has any size, so one would always be found that fits to the byte, rightly or not.
        """
        found = self._types(at + _LOST, len(self._columns) - 1, end)
        # one must be there
        if not found or len(self._columns) < 2 or self._columns[0].takes(_A_TEXT):
            return
        types, body = found
        size = 2 + body - at - _LOST
        rest = sum(map(records.size_of, types))
        most = min(end - body, _ONE_BYTE - size) - rest
        for first in _possible(self._columns[0], most):
            both = (first, *types)
            if records.fits(both, self._columns):
                known = records.size_of(first) > 0 or self._columns[0].is_rowid
                yield from self._made(at, body, both, end, sure=False, complete=known)

    def _types(self, at: int, count: int, end: int) -> tuple[tuple[int, ...], int] | None:
        types = []
        try:
            for _ in range(count):
                serial, at = records.varint(self._page, at)
                types.append(serial)
        except IndexError:
            return None
        return (tuple(types), at) if at <= end else None

    def _made(  # noqa: PLR0913 - an offset, what is there, and how sure it is
        self, at: int, body: int, types: tuple[int, ...], end: int, *, sure: bool,
        complete: bool = True,
    ) -> Iterator[Tile]:  # fmt: skip
        until = body + sum(map(records.size_of, types))
        if until > end or not any(self._page[at + _LOST : until]):
            return  # what was zeroed says nothing
        values = records.values(self._page, body, types, self._pages.encoding, strict=True)
        if values is not None:
            if not complete:
                values = (None, *values[1:])
            if any(value is not None for value in values):
                yield Tile(at, until, None, types, values, sure=sure, complete=complete)


def _possible(column: Column, most: int) -> Iterator[int]:
    """One type for each size that a number can have."""
    for serial in (0, *range(1, 8)):
        if records.size_of(serial) <= most and column.takes(serial):
            yield serial
    if not column.takes(0) and column.takes(ONE):
        yield ONE


def _path(reached: dict[int, tuple[int, Tile | None, int]], at: int, start: int) -> list[Tile]:
    tiles = []
    while at != start:
        _, tile, before = reached[at]
        if tile:
            tiles.append(tile)
        at = before
    return tiles[::-1]
