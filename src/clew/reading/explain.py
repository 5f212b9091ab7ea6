"""From any identifier of a table or report back to the file, row and exhibit that it rests on.

What is followed is what row classes declare: the columns that hold identifiers and the tables they
name. So a new table is followed without a word here. First come the rows that the identifier is
of, then those that name it, then what is known with them, and last the way back: through the rows
of the evidence, the files that were read and every archive, to the exhibit.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import msgspec
import pyarrow as pa

from clew import views
from clew.casefile.received import parted, senders_of
from clew.reading.facade import Reading
from clew.records import Exhibit, Item, MergedMessage, Message, Package, Partner, Source
from clew.schema import Column, Home, Kind, Row, columns, tables

Found = dict[str, Any]
IDENTIFIERS = frozenset((Kind.ID, Kind.HASH, Kind.MESSAGE_KEY, Kind.NUMBER, Kind.HANDLE))
"""Kinds of columns that hold identifiers; a text that is part of a table's key is one too."""
_ORDER = (
    Home.FINDINGS, Home.JUDGEMENTS, Home.RECEIVED, Home.HASHSETS, Home.FACTS, Home.EVIDENCE,
)  # fmt: skip
_FEW = 3
"""Rows of a table that are followed where nothing that was found leads to evidence."""
_ROUNDS = 3
"""How often what rows name is followed where none of them leads to evidence."""
_COUNTED = {MergedMessage: "merged_id NOT IN (SELECT event_id FROM exported_copies)"}
"""Rows that figures count: a copy in an export counts with the message that it is set beside."""


class Section(msgspec.Struct, frozen=True):
    """Rows of one table, as they are, and how many there are without the limit."""

    table: type[Row]
    rows: list[Found]
    """Those that no earlier section has."""
    every: list[Found]
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


class _Query(msgspec.Struct, frozen=True):
    """Rows of a table that are asked for."""

    row: type[Row]
    condition: str
    values: Found


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
        """Rows that it is, rows that name it, what is known with them, and the way back."""
        own = sorted(self._carrying(own=True), key=_rank)
        found = [*own, *self._carrying(own=False)]
        yield from found
        beside = list(self._beside(s for s in found if s.is_it and len(s.table.key) == 1))
        yield from beside
        yield from self._back([*found, *beside])

    def _carrying(self, of: Sequence[type[Row]] | None = None, *, own: bool) -> Iterator[Section]:
        """Rows whose own identifier it is, or those that name it."""
        asked = [
            (row, _condition(row, singles, lists, own=own))
            for row in of or _ordered()
            for singles, lists in (_identifying(row, own=own),)
            if singles or lists
        ]
        sql = views.counts((views.whole(row), condition) for row, condition in asked)
        counted = self._reading.rows(sql, wanted=[self._wanted]) if asked else []
        for position, total in sorted((found["position"], found["n"]) for found in counted):
            if total:
                query = _Query(*asked[position], {"wanted": [self._wanted]})
                yield self._section(query, self._paging, own=own, total=total)

    def _beside(self, sections: Iterable[Section]) -> Iterator[Section]:
        """Rows whose whole key, or whose hash, one of the rows themselves has."""
        paging = Paging(self._paging.limit)
        for section in sections:
            for found in section.rows:
                for row in _ordered():
                    for condition, asked in _known_with(section.table, found, row):
                        section_of = self._section(_Query(row, condition, asked), paging)
                        if section_of.rows:
                            yield section_of

    def _back(self, sections: Sequence[Section]) -> Iterator[Section]:
        """The rows of the evidence behind what was found, their files, and the exhibits."""
        rows = [(s.table, found) for s in sections for found in s.every]
        events = {self._wanted} if "#" in self._wanted else set()
        for section in self._of(Message, events | _named(rows, Message)):
            yield section
            rows += [(section.table, found) for found in section.every]
        for _ in range(_ROUNDS):
            if _named(rows, Exhibit) or _named(rows, Item):
                break
            for section in self._referred(rows):
                yield section
                rows += [(section.table, found) for found in section.every]
        yield from self._outwards(rows)

    def _outwards(self, rows: list[tuple[type[Row], Found]]) -> Iterator[Section]:
        """Items with what is known of them, what holds them, and so on to their exhibits."""
        events = _named(rows, Message)
        level = {event.partition("#")[0] for event in events} | _named(rows, Item)
        level |= set(self._read_from(rows))
        exhibits = _named(rows, Exhibit) if not level else set()
        known: set[str] = set()
        while level - known:
            known |= level
            found = list(self._of(Item, level))
            yield from (section for section in found if section.rows)
            items = [(s.table, row) for s in found if s.table is Item for row in s.every]
            exhibits |= _named(items, Exhibit)
            level = {row["parent_item_id"] for _, row in items if row["parent_item_id"]}
        exhibits = exhibits or _named(rows, Exhibit)  # a package may have no rows of items
        yield from self._of(Exhibit, exhibits, only=True)
        origins = {origin for _, found in rows for origin in _origins(found)}
        origins |= senders_of(self._reading.case.deliveries, exhibits)
        yield from self._packages(origins | {parted(self._wanted)[0]} - {""})

    def _packages(self, origins: set[str]) -> Iterator[Section]:
        """Packages that what was received came in, and who sent them: there the way back ends."""
        paging = Paging(self._paging.limit)
        for row, column, wanted in (
            (Package, "origin", sorted(origins)),
            (Partner, "partner_id", sorted({origin.rpartition("-")[0] for origin in origins})),
        ):
            if origins:
                query = _Query(row, views.among([column], [], "ids"), {"ids": wanted})
                section = self._section(query, paging)
                if section.every:
                    yield section

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
                query = _Query(row, condition, {"ids": wanted})
                section = self._section(query, Paging(self._paging.limit))
                if section.every:
                    yield section

    def _referred(self, rows: list[tuple[type[Row], Found]]) -> Iterator[Section]:
        """Rows that others name, of any table."""
        for row in _ordered():
            if ids := _named(rows, row):
                own, _ = _identifying(row, own=True)
                condition = views.among(own, [], "ids")
                query = _Query(row, condition, {"ids": sorted(ids)})
                section = self._section(query, Paging(_FEW))
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
        self, query: _Query, paging: Paging, *, own: bool = False, total: int | None = None
    ) -> Section:
        """Rows of a table, those among them that were not shown yet, and how many there are."""
        view, limit, asked = views.whole(query.row), paging.limit, query.values
        sql = view.query(query.condition, limit=limit, offset=paging.skipped)
        every = self._reading.rows(sql, **asked)
        if total is None:
            total = len(every)
            if limit and total == limit:
                (counted,) = self._reading.rows(view.count(query.condition), **asked)
                total = counted["n"]
        return Section(query.row, list(self._once(query.row, every)), every, total, own)

    def _once(self, row: type[Row], rows: Iterable[Found]) -> Iterator[Found]:
        for found in rows:
            shown = f"{row.table_name} {found!r}"
            if shown not in self._seen:
                self._seen.add(shown)
                yield found


def _condition(row: type[Row], singles: list[str], lists: list[str], *, own: bool) -> str:
    """Rows with what is wanted; of those that name it as theirs, such as a group's, the counted.

    A row that is asked for itself, or lists what is wanted among others, counts or not.
    """
    named = views.among(singles, lists, "wanted")
    if own or row not in _COUNTED:
        return named
    kept = " OR ".join(filter(None, (_COUNTED[row], views.among([], lists, "wanted"))))
    return f"({named}) AND ({kept})"


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


def _rank(section: Section) -> tuple[bool, bool]:
    """First what is one row of a table of its own, then what is several, then what shares a key."""
    row = section.table
    defines = any(c.names(row) and c.name in row.key for c in columns(row))
    return len(row.key) != 1, not defines


def _is_text(column: Column) -> bool:
    kind = column.arrow_type
    return bool(
        pa.types.is_string(kind) or (pa.types.is_list(kind) and kind.value_type == "string")
    )


def _known_with(table: type[Row], found: Found, row: type[Row]) -> Iterator[tuple[str, Found]]:
    """Conditions on a table: its whole key stands in a row, or one of the row's hashes does."""
    if row is table or row.home is Home.EVIDENCE:
        return
    kinds = {c.name: c.kind for c in columns(table) if _is_text(c)}
    key = [c for c in columns(row) if c.name in row.key]
    if key and all(kinds.get(c.name) is c.kind and found[c.name] for c in key):
        conditions = (f"({views.among([c.name], [], c.name)})" for c in key)
        yield " AND ".join(conditions), {c.name: [found[c.name]] for c in key}
    hashes = [
        value for name, kind in kinds.items() if kind is Kind.HASH and name != "source_id"
        for value in _several(found[name])
    ]  # fmt: skip
    holding = [c for c in columns(row) if c.kind is Kind.HASH and c.name != "source_id"]
    if hashes and holding:
        lists = [c.name for c in holding if pa.types.is_list(c.arrow_type)]
        singles = [c.name for c in holding if c.name not in lists]
        yield views.among(singles, lists, "hashes"), {"hashes": hashes}


def _named(rows: Iterable[tuple[type[Row], Found]], target: type[Row]) -> set[str]:
    """Identifiers of rows of one table that rows name."""
    named: set[str] = set()
    for row, found in rows:
        for column in columns(row):
            if target in column.points_at:
                named |= set(_several(found.get(column.name)))
    return named


def _origins(found: Found) -> Iterator[str]:
    """Origins of the received identifiers in a row."""
    for value in found.values():
        for one in _several(value) if isinstance(value, list | str) else ():
            if isinstance(one, str) and (origin := parted(one)[0]):
                yield origin


def _read_with(row: type[Row], key: str, target: type[Row]) -> bool:
    """Whether a table has what was read of the rows of another."""
    return row.home in (Home.FACTS, Home.EVIDENCE) and any(
        c.name == key and c.points_at == (target,) for c in columns(row)
    )


def _several(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []
