"""Pages of a database file, of its write-ahead log and of its rollback journal."""

import mmap
import struct
from collections.abc import Iterator
from pathlib import Path

import msgspec

from clew.facts.sqlite.logs import Frame, frames, records, unfinished
from clew.facts.sqlite.records import signed, varint

MAGIC = b"SQLite format 3\0"
LEAF, INTERIOR, INDEX_LEAF, INDEX_INTERIOR = 0x0D, 0x05, 0x0A, 0x02
KINDS = frozenset((LEAF, INTERIOR, INDEX_LEAF, INDEX_INTERIOR))
_SIZES = (4096, 1024, 8192, 2048, 16384, 512, 32768, 65536)
_HEADER = 100
_MOST_DEEP = 40
UNCOMMITTED = "uncommitted"
_ENCODINGS = {2: "utf-16-le", 3: "utf-16-be"}
_SAMPLE = 200
_LIKELY = 0.6
"""Share of pages that must look like leaves; of pages twice the size half would."""


class Cell(msgspec.Struct, frozen=True):
    """A cell of a leaf of a table: where it stands and what it says of itself."""

    start: int
    payload: int
    rowid: int
    content: int
    """Where its record begins."""
    end: int
    """Where what is stored in the page ends."""
    overflow: int
    """Page on which it goes on; 0 where it is whole."""


class Page(msgspec.Struct, frozen=True):
    """One version of a page."""

    number: int
    data: bytes
    """Empty where there is no such page."""
    part: str
    """``main``, ``wal`` or ``journal``."""
    base: int
    """Byte in that file at which it begins."""
    state: str = ""
    """``wal-older``, ``wal-stale``, ``journal`` or ``uncommitted`` where it is not current."""

    @property
    def start(self) -> int:
        """Where its header begins: on the first page, behind the header of the file."""
        return _HEADER if self.number == 1 else 0

    @property
    def kind(self) -> int:
        """First byte of its header, which says what it is; -1 where there is no page."""
        return self.data[self.start] if len(self.data) > self.start else -1


class Pages:
    """The current pages of a database: those of the log, where it has newer ones."""

    def __init__(self, file: Path, wal: Path | None = None, journal: Path | None = None) -> None:
        self.main = _mapped(file)
        self.size = _page_size(self.main)
        head = bytes(self.main[:_HEADER])
        # where the header keeps it, and its most
        self.usable = self.size - (head[20] if len(head) > 20 and head[20] <= 32 else 0)
        code = struct.unpack_from(">I", head, 56)[0] if len(head) == _HEADER else 1
        self.encoding = _ENCODINGS.get(code, "utf-8")
        self.older: list[Page] = []
        self._newest: dict[int, Page] = {}
        self._most: int | None = None
        """Pages before a change that was not finished."""
        if wal:
            self._take_wal(_mapped(wal))
        if journal:
            self._take_journal(_mapped(journal))
        in_main = len(self.main) // self.size
        self.count = max([in_main, *self._newest]) if self._most is None else self._most

    def page(self, number: int) -> Page:
        """The current version of a page."""
        if number in self._newest:
            return self._newest[number]
        base = (number - 1) * self.size
        data = bytes(self.main[base : base + self.size]) if number > 0 else b""
        return Page(number, data, "main", base)

    def pointers(self, page: Page) -> tuple[int, ...]:
        """Where the cells of a page stand, as its pointers say."""
        if len(page.data) < self.size:
            return ()
        kind, _, count = struct.unpack_from(">BHH", page.data, page.start)
        first = page.start + (12 if kind in (INTERIOR, INDEX_INTERIOR) else 8)
        count = min(count, max(self.usable - first, 0) // 2)
        found = struct.unpack_from(f">{count}H", page.data, first)
        return tuple(at for at in found if first + 2 * count <= at < self.usable)

    def cells(self, page: Page) -> Iterator[Cell]:
        """Cells of a leaf, by its pointers."""
        for at in self.pointers(page):
            if found := self.cell(page.data, at):
                yield found

    def children(self, page: Page) -> Iterator[int]:
        """Numbers of the pages below an interior page, in order."""
        for at in self.pointers(page):
            if at + 4 <= self.usable:
                yield struct.unpack_from(">I", page.data, at)[0]
        if len(page.data) >= page.start + 12:
            yield struct.unpack_from(">I", page.data, page.start + 8)[0]

    def walk(self, root: int) -> Iterator[Page]:
        """Every page of a table's tree, in order; damaged branches end."""
        seen: set[int] = set()
        waiting = [(root, 0)]
        while waiting:
            number, depth = waiting.pop()
            if number in seen or not 0 < number <= self.count or depth > _MOST_DEEP:
                continue
            seen.add(number)
            page = self.page(number)
            if page.kind in (LEAF, INTERIOR):
                yield page
            if page.kind == INTERIOR:
                waiting += [(n, depth + 1) for n in reversed(list(self.children(page)))]

    def leaves(self, root: int) -> Iterator[Page]:
        """Leaves of a table's tree, in order of their rows."""
        return (page for page in self.walk(root) if page.kind == LEAF)

    def freelist(self) -> tuple[set[int], dict[int, int]]:
        """Pages that are free, and of the trunks among them the bytes that are in use."""
        first = self.page(1).data
        free: set[int] = set()
        trunks: dict[int, int] = {}
        (trunk,) = struct.unpack_from(">I", first, 32) if len(first) >= _HEADER else (0,)
        while 0 < trunk <= self.count and trunk not in trunks:
            page = self.page(trunk).data
            if len(page) < self.size:
                break
            following, leaves = struct.unpack_from(">II", page)
            leaves = min(leaves, self.usable // 4 - 2)
            trunks[trunk] = 8 + 4 * leaves
            numbers = struct.unpack_from(f">{leaves}I", page, 8)
            free.update(n for n in numbers if 1 < n <= self.count)
            trunk = following
        return free | set(trunks), trunks

    def overflowing(self, cell: Cell, page: bytes, only: set[int] | None = None) -> bytes | None:
        """The whole record of a cell, with what stands on other pages; None where it is broken.

        With ``only`` no other pages are followed into: those that another record may own by now.
        """
        parts = [page[cell.content : cell.end - (4 if cell.overflow else 0)]]
        left, following, seen = cell.payload - len(parts[0]), cell.overflow, set[int]()
        while left > 0:
            if following in seen or not 1 < following <= self.count:
                return None
            if only is not None and following not in only:
                return None
            seen.add(following)
            data = self.page(following).data
            if len(data) < self.size:
                return None
            (after,) = struct.unpack_from(">I", data)
            parts.append(data[4 : 4 + min(left, self.usable - 4)])
            left -= len(parts[-1])
            following = after
        return b"".join(parts)

    def cell(self, page: bytes, at: int) -> Cell | None:
        """The cell of a leaf that begins at an offset, if one can."""
        try:
            payload, position = varint(page, at)
            rowid, position = varint(page, position)
        except IndexError:
            return None
        local = self.local(payload)
        whole = local == payload
        end = position + local + (0 if whole else 4)
        if not payload or end > self.usable or payload > self.count * self.size + self.size:
            return None
        overflow = 0 if whole else struct.unpack_from(">I", page, end - 4)[0]
        return Cell(at, payload, signed(rowid), position, end, overflow)

    def local(self, payload: int) -> int:
        """Bytes of a record that stand in the leaf itself."""
        most = self.usable - 35
        if payload <= most:
            return payload
        least = (self.usable - 12) * 32 // 255 - 23
        some = least + (payload - least) % (self.usable - 4)
        return some if some <= most else least

    def _take_wal(self, data: mmap.mmap | bytes) -> None:
        """Frames of the log: committed ones are current, the rest is older, stale or unfinished."""
        current: dict[int, Page] = {}
        waiting: dict[int, Page] = {}
        older: list[Page] = []
        every = list(frames(data, self.size))
        last = max((frame.base for frame in every if frame.this_round and frame.commits), default=0)
        for frame in every:
            content = bytes(data[frame.base : frame.base + self.size])
            page = Page(frame.number, content, "wal", frame.base, _fate(frame, last))
            if not frame.fits:
                older.append(page)
                continue
            older += [waiting.pop(frame.number)] if frame.number in waiting else []
            waiting[frame.number] = page
            if frame.commits:
                older += [current[n] for n in waiting if n in current]
                current |= waiting
                waiting = {}
        older += [msgspec.structs.replace(one, state=UNCOMMITTED) for one in waiting.values()]
        for number in current:  # what the log replaces in the main file
            page = self.page(number)
            if len(page.data) == self.size:
                older.append(msgspec.structs.replace(page, state="wal-older"))
        self._newest, self.older = current, older

    def _take_journal(self, data: mmap.mmap | bytes) -> None:
        """Pages as they were before a change, which is taken back where it was not finished."""
        before = unfinished(data, self.size)
        for record in records(data, self.size):
            content = bytes(data[record.base : record.base + self.size])
            page = Page(record.number, content, "journal", record.base, "journal")
            if record.rolls_back and record.number not in self._newest:
                self._give_up(record.number)
                self._newest[record.number] = msgspec.structs.replace(page, state="")
            elif record.number:
                self.older.append(page)
        if before is not None:
            for number in range(before + 1, len(self.main) // self.size + 1):
                self._give_up(number)
        self._most = before

    def _give_up(self, number: int) -> None:
        """What the main file has of a page was never committed."""
        page = self.page(number)
        if len(page.data) == self.size:
            self.older.append(msgspec.structs.replace(page, state=UNCOMMITTED))


def _fate(frame: Frame, last_commit: int) -> str:
    """State of a frame, unless it is current.

    One that was written over within its change has no right checksum before the change commits.
    """
    if frame.fits:
        return "wal-older"
    return UNCOMMITTED if frame.this_round and frame.base > last_commit else "wal-stale"


def _mapped(file: Path) -> mmap.mmap | bytes:
    with file.open("rb") as opened:
        if not file.stat().st_size:
            return b""
        return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)


def _page_size(data: mmap.mmap | bytes) -> int:
    """Size of a page: as the header says or, where it is damaged, as most pages fit."""
    if bytes(data[:16]) == MAGIC:
        (stated,) = struct.unpack_from(">H", data, 16)
        stated = 65536 if stated == 1 else stated
        if stated in _SIZES:
            return int(stated)
    shares = {size: _plausible(data, size) for size in sorted(_SIZES)}
    likely = next((size for size, share in shares.items() if share > _LIKELY), None)
    return likely or max(_SIZES, key=lambda size: shares[size])


def _plausible(data: mmap.mmap | bytes, size: int) -> float:
    """Share of the pages that look like leaves whose contents begin within them."""
    starts = range(size, len(data) - size + 1, max(size, len(data) // _SAMPLE // size * size))
    good = 0
    for at in starts:
        kind, free, count, content = struct.unpack_from(">BHHH", data, at)
        good += (
            kind in (LEAF, INDEX_LEAF)
            and 8 + 2 * count <= (content or 65536) <= size
            and free < size
            and count > 0
        )
    return good / max(len(starts), 1)
