"""From any identifier of a table or report back to the file, row and exhibit that it rests on.

What is followed is what row classes declare: the columns that hold identifiers and the tables they
name. So a new table is followed without a word here. First come the rows that the identifier is
of, then those that name it, then what is told beside them, and last the way back: through the rows
of the evidence, the files that were read and every archive, to the exhibit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import msgspec
import pyarrow as pa

from clew import views
from clew.reading.facade import Reading
from clew.records.evidence import Exhibit, Item
from clew.records.facts import Message, Source
from clew.schema import Column, Home, Kind, Row, columns, tables

Found = dict[str, Any]
IDENTIFIERS = frozenset((Kind.ID, Kind.HASH, Kind.MESSAGE_KEY, Kind.NUMBER, Kind.HANDLE))
"""Kinds of columns that hold identifiers; a text that is part of a table's key is one too."""
_ORDER = (Home.FINDINGS, Home.JUDGEMENTS, Home.HASHSETS, Home.FACTS, Home.EVIDENCE)
_FEW = 3
"""Rows of a table that are followed where nothing that was found leads to evidence."""
_ROUNDS = 3
"""How often what rows name is followed where none of them leads to evidence."""


class Section(msgspec.Struct, frozen=True):
    """Rows of one table, as they are, and how many there are without the limit."""

    table: type[Row]
    rows: list[Found]
    total: int
    is_it: bool = False
    """The identifier is of these rows; others name it, or stand on the way back."""


class Paging(msgspec.Struct, frozen=True):
    """How many rows of a table are shown, and from which on."""

    limit: int = 0
    page: int = 1

    @property
    def skipped(self) -> int:
        """Rows on earlier pages."""
        return self.limit * (self.page - 1)


class Explanation:
    """What a case has of one identifier."""

    def __init__(self, reading: Reading, wanted: str, paging: Paging) -> None:
        self._reading, self._wanted, self._paging = reading, wanted, paging
        self._seen: set[str] = set()

    def of_table(self, row: type[Row]) -> Iterator[Section]:
        """Rows of one table that it is or that name it; else those on the way back."""
        found = [*self._carrying((row,), own=True), *self._carrying((row,), own=False)]
        yield from found
        if not found:
            every = Explanation(self._reading, self._wanted, Paging())
            yield from (section for section in every.sections() if section.table is row)

    def sections(self) -> Iterator[Section]:
        """Rows that it is, rows that name it, what is told beside them, and the way back."""
        own = sorted(self._carrying(own=True), key=lambda section: not _defines(section.table))
        found = [*own, *self._carrying(own=False)]
        yield from found
        beside = list(self._beside(s for s in found if s.is_it and len(s.table.key) == 1))
        yield from beside
        yield from self._back([*found, *beside])

    def _carrying(self, of: Sequence[type[Row]] | None = None, *, own: bool) -> Iterator[Section]:
        """Rows whose own identifier it is, or those that name it."""
        for row in of or _ordered():
            singles, lists = _identifying(row, own=own)
            if singles or lists:
                condition = views.among(singles, lists, "wanted")
                section = self._section(
                    row, condition, self._paging, own=own, wanted=[self._wanted]
                )
                if section.total:
                    yield section

    def _beside(self, sections: Iterable[Section]) -> Iterator[Section]:
        """Rows whose whole key, or whose hash, one of the rows themselves has."""
        paging = Paging(self._paging.limit)
        for section in sections:
            for found in section.rows:
                for row in _ordered():
                    for condition, asked in _told_by(section.table, found, row):
                        told = self._section(row, condition, paging, **asked)
                        if told.rows:
                            yield told

    def _back(self, sections: Sequence[Section]) -> Iterator[Section]:
        """The rows of the evidence behind what was found, their files, and the exhibits."""
        rows = [(s.table, found) for s in sections for found in s.rows]
        events = {self._wanted} if "#" in self._wanted else set()
        for section in self._of(Message, events | _named(rows, Message)):
            yield section
            rows += [(section.table, found) for found in section.rows]
        for _ in range(_ROUNDS):
            if _named(rows, Exhibit) or _named(rows, Item):
                break
            for section in self._referred(rows):
                yield section
                rows += [(section.table, found) for found in section.rows]
        yield from self._outwards(rows)

    def _outwards(self, rows: list[tuple[type[Row], Found]]) -> Iterator[Section]:
        """Items with what is told of them, what holds them, and so on to their exhibits."""
        events = _named(rows, Message)
        level = {event.partition("#")[0] for event in events} | _named(rows, Item)
        level |= set(self._read_from(rows))
        exhibits = _named(rows, Exhibit) if not level else set()
        known: set[str] = set()
        while level - known:
            known |= level
            found = list(self._of(Item, level))
            yield from found
            held = [(s.table, row) for s in found if s.table is Item for row in s.rows]
            exhibits |= _named(held, Exhibit)
            level = {row["parent_item_id"] for _, row in held if row["parent_item_id"]}
        yield from self._of(Exhibit, exhibits, only=True)

    def _of(
        self, target: type[Row], ids: Iterable[str], *, only: bool = False
    ) -> Iterator[Section]:
        """Rows of the evidence with these identifiers of one table, and what was read with them."""
        if not (wanted := sorted(ids)):
            return
        (key,) = target.key
        for row in _ordered():
            if row is target or (not only and _read_with(row, key, target)):
                condition = views.among([key], [], "ids")
                paging = Paging(self._paging.limit)
                section = self._section(row, condition, paging, ids=wanted)
                if section.rows:
                    yield section

    def _referred(self, rows: list[tuple[type[Row], Found]]) -> Iterator[Section]:
        """Rows that others name, of any table."""
        for row in _ordered():
            if ids := _named(rows, row):
                own, _ = _identifying(row, own=True)
                condition = views.among(own, [], "ids")
                section = self._section(row, condition, Paging(_FEW), ids=sorted(ids))
                if section.rows:
                    yield section

    def _read_from(self, rows: list[tuple[type[Row], Found]]) -> Iterator[str]:
        """Items whose content rows were read from."""
        pairs = {(f.get("exhibit_id"), f.get("source_id")) for _, f in rows if f.get("source_id")}
        contents = sorted({str(content) for _, content in pairs})
        for row, column in ((Source, "source_id"), (Item, "sha256")):
            if contents:
                sql = views.whole(row).query(views.among([column], [], "contents"))
                files = self._reading.rows(sql, contents=contents)
                yield from (f["item_id"] for f in files if (f["exhibit_id"], f[column]) in pairs)

    def _section(
        self, row: type[Row], condition: str, paging: Paging, *, own: bool = False, **asked: Any
    ) -> Section:
        """Rows of a table that were not told yet, and how many there are."""
        view, limit = views.whole(row), paging.limit
        sql = view.query(condition, limit=limit, offset=paging.skipped)
        rows = self._reading.rows(sql, **asked)
        total = paging.skipped + len(rows)
        if limit and (len(rows) == limit or (paging.skipped and not rows)):
            (every,) = self._reading.rows(view.count(condition), **asked)
            total = every["n"]
        return Section(row, list(self._once(row, rows)), total, own)

    def _once(self, row: type[Row], rows: Iterable[Found]) -> Iterator[Found]:
        for found in rows:
            told = f"{row.table_name} {found!r}"
            if told not in self._seen:
                self._seen.add(told)
                yield found


@cache
def _ordered() -> tuple[type[Row], ...]:
    """Every table: findings before facts, and evidence last."""
    known = (row for name, row in tables().items() if not name.startswith("doc_"))
    return tuple(sorted(known, key=lambda row: _ORDER.index(row.home)))


@cache
def _keys() -> frozenset[tuple[str, Kind]]:
    """Columns of text that are part of some table's key, with what they are."""
    return frozenset(
        (c.name, c.kind) for row in _ordered() for c in columns(row)
        if c.name in row.key and c.kind is not Kind.CHOICE and _is_text(c)
    )  # fmt: skip


@cache
def _identifying(row: type[Row], *, own: bool) -> tuple[list[str], list[str]]:
    """Columns that hold a row's own identifier, or those of others: one each, and several."""
    holding = [
        c for c in columns(row)
        if _is_text(c) and (c.kind in IDENTIFIERS or (c.name, c.kind) in _keys()
                            or c.name.endswith("_id"))
    ]  # fmt: skip
    mine = {c.name for c in holding if row.key == (c.name,) or (c.names(row) and c.name in row.key)}
    chosen = [c for c in holding if (c.name in mine) is own]
    lists = {c.name for c in chosen if pa.types.is_list(c.arrow_type)}
    return [c.name for c in chosen if c.name not in lists], sorted(lists)


def _defines(row: type[Row]) -> bool:
    """Whether the identifier of a row is of this table, and not a key that it shares."""
    return any(c.names(row) and c.name in row.key for c in columns(row))


def _is_text(column: Column) -> bool:
    kind = column.arrow_type
    return bool(
        pa.types.is_string(kind) or (pa.types.is_list(kind) and kind.value_type == "string")
    )


def _told_by(table: type[Row], found: Found, row: type[Row]) -> Iterator[tuple[str, Found]]:
    """Conditions on a table: its whole key stands in a row, or one of the row's hashes does."""
    if row is table or row.home is Home.EVIDENCE:
        return
    kinds = {c.name: c.kind for c in columns(table) if _is_text(c)}
    key = [c for c in columns(row) if c.name in row.key]
    if key and all(kinds.get(c.name) is c.kind and found[c.name] for c in key):
        conditions = (f"({views.among([c.name], [], c.name)})" for c in key)
        yield " AND ".join(conditions), {c.name: [found[c.name]] for c in key}
    hashes = [
        found[name] for name, kind in kinds.items()
        if kind is Kind.HASH and name != "source_id" and found[name]
    ]  # fmt: skip
    holding = [c.name for c in columns(row) if c.kind is Kind.HASH and c.name != "source_id"]
    if hashes and holding:
        yield views.among(holding, [], "hashes"), {"hashes": hashes}


def _named(rows: Iterable[tuple[type[Row], Found]], target: type[Row]) -> set[str]:
    """Identifiers of rows of one table that rows name."""
    named: set[str] = set()
    for row, found in rows:
        for column in columns(row):
            if target in column.points_at and (value := found.get(column.name)):
                named |= set(value) if isinstance(value, list) else {value}
    return named


def _read_with(row: type[Row], key: str, target: type[Row]) -> bool:
    """Whether a table has what was read of the rows of another."""
    return row.home in (Home.FACTS, Home.EVIDENCE) and any(
        c.name == key and c.points_at == (target,) for c in columns(row)
    )
