"""A list as a whole: every row becomes statements, is there already, is no row, or is refused."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

import msgspec

from clew.operation.board import Board
from clew.operation.importing.grid import Grid, Row
from clew.operation.importing.header import Head, head_of
from clew.operation.importing.rows import STATED, Reading
from clew.operation.importing.values import Moments, RowError
from clew.operation.importing.vocabulary import normal, vocabulary
from clew.operation.register import EntryFlag
from clew.operation.searches import SearchConflict
from clew.operation.statements import LONGEST, Said
from clew.records import Statement

_SOURCE = "read_from="
_SAID = frozenset((EntryFlag.QUANTITY_UNKNOWN, EntryFlag.KIND_UNKNOWN, EntryFlag.IMEI_CHECK_DIGIT))
"""Flags of entries that are said of their rows already."""
_OF_TIME = ("at", "entered", "left", "valid_until")


class Became(StrEnum):
    """What became of a row."""

    TAKEN = "taken"
    ALREADY = "already"
    """The board has what it states."""
    PASSED_OVER = "passed_over"
    """It is blank, or a line of totals."""
    REFUSED = "refused"


class RowSaid(msgspec.Struct, frozen=True, kw_only=True):
    """One row, what became of it and why; ``code`` is one of the register ``board_row``."""

    line: int
    became: Became
    code: str | None = None
    figures: dict[str, Any] = {}


class How(msgspec.Struct, frozen=True, kw_only=True):
    """How whoever imports a list says that it is read."""

    role: str
    mapped: dict[str, str] = {}
    date_order: str | None = None
    time_zone: str | None = None
    search: str = ""
    whole_case: bool = False
    """The register numbers things of the whole case, so that no number stands in two searches."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What an import would do: nothing is written by making it."""

    rows: tuple[RowSaid, ...]
    warnings: tuple[RowSaid, ...]
    said: tuple[Said, ...]
    unknown: tuple[str, ...]
    """Columns that no field is for: their cells are kept beside the others."""
    items: int | None = None
    """Things in the rows that are taken or there already; of a register."""
    total: int | None = None
    """What the list itself says that they are."""

    def count(self, became: Became) -> int:
        """How many rows became this."""
        return sum(row.became is became for row in self.rows)


def plan(grid: Grid, how: How, there: Sequence[Statement], board: Board) -> Plan:
    """What an import would take, row by row."""
    head = head_of(grid, how.role, how.mapped)
    below = [row for row in grid.rows if row.line > head.line]
    texts = [
        row.cells[column] for name in _OF_TIME if (column := head.columns.get(name)) is not None
        for row in below if column < len(row.cells)
    ]  # fmt: skip
    moments = Moments(texts, how.date_order, how.time_zone)
    taking = _Taking(grid, head, how, Reading(moments, _searches(board, grid), how.search))
    taking.known = {_alike(Said.of(one)) for one in there}
    for row in below:
        taking.take(row)
    return taking.plan()


def _searches(board: Board, grid: Grid) -> dict[str, set[str]]:
    """Searches of each number of the register; the same workbook's own register goes before."""
    every: dict[str, set[str]] = defaultdict(set)
    own: dict[str, set[str]] = defaultdict(set)
    for one in board.register:
        every[one.number].add(one.search_id)
        if any(p.startswith(f"{_SOURCE}{grid.file}!") for p in one.extra):
            own[one.number].add(one.search_id)
    return {**every, **own}


class _Taking:
    def __init__(self, grid: Grid, head: Head, how: How, reading: Reading) -> None:
        self.grid, self.head, self.how, self.reading = grid, head, how, reading
        self.known: set[Said] = set()
        self.rows: list[RowSaid] = []
        self.warnings: list[RowSaid] = []
        self.said: list[Said] = []
        self.numbers: dict[str, str] = {}
        self.items = 0
        self.total: int | None = None

    def take(self, row: Row) -> None:
        """Read one row."""
        if not any(row.cells):
            self._became(row, Became.PASSED_OVER, "blank")
            return
        self.reading.warnings = []
        try:
            if self._is_total(row):
                self._became(row, Became.PASSED_OVER, "total")
                return
            self._fits(row)
            said = list(STATED[self.how.role](*self._cells(row), self.reading))
            self._is_possible(said)
        except RowError as error:
            self._became(row, Became.REFUSED, error.code, **error.figures)
            return
        for code, figures in self.reading.warnings:
            self.warnings.append(
                RowSaid(line=row.line, became=Became.TAKEN, code=code, figures=figures)
            )
        self._keep(row, said)

    def _keep(self, row: Row, said: list[Said]) -> None:
        fresh = [one for one in said if _alike(one) not in self.known]
        self.known |= {_alike(one) for one in said}
        self.items += sum(_items(one) for one in said)
        where = f"{_SOURCE}{self.grid.name}:{row.line}"
        self.said += [
            msgspec.structs.replace(one, particulars=tuple(sorted((*one.particulars, where))))
            for one in fresh
        ]
        self._became(row, Became.TAKEN if fresh else Became.ALREADY)

    def _cells(self, row: Row) -> tuple[dict[str, str], dict[str, str]]:
        padded = (*row.cells, *[""] * (len(self.head.columns) + len(self.head.unknown)))
        cells = {field: padded[column] for field, column in self.head.columns.items()}
        extra = {name: padded[column] for column, name in self.head.unknown.items()}
        return cells, extra

    def _fits(self, row: Row) -> None:
        """A row of a text has as many cells as its head; a sheet's may end early."""
        cells = len(row.cells) if not self.grid.sheet else self.head.width
        if cells != self.head.width and (
            cells < self.head.width or any(row.cells[self.head.width :])
        ):
            raise RowError("cells", n=cells, expected=self.head.width)
        if any(len(cell) > LONGEST for cell in row.cells):
            raise RowError("cell_long", most=LONGEST)

    def _is_total(self, row: Row) -> bool:
        cells, _ = self._cells(row)
        own = cells.get("number") or cells.get("person") or (
            cells.get("search") if self.how.role == "searches" else ""
        )  # fmt: skip
        if own and normal(own) not in vocabulary().totals:
            return False
        if not any(normal(cell) in vocabulary().totals for cell in row.cells if cell):
            return False
        stated = cells.get("quantity", "")
        self.total = int(stated) if stated.isdecimal() else None
        return True

    def _is_possible(self, said: list[Said]) -> None:
        """In a register that numbers the whole case a number stands for one thing of one search."""
        for one in said if self.how.whole_case and self.how.role == "register" else ():
            search, _, number = one.reference.rpartition("/")
            if self.numbers.setdefault(number, search) != search:
                raise RowError("number_of_another", number=number, search=self.numbers[number])

    def _became(self, row: Row, became: Became, code: str | None = None, **figures: Any) -> None:
        self.rows.append(RowSaid(line=row.line, became=became, code=code, figures=figures))

    def plan(self) -> Plan:
        """What was found."""
        is_register = self.how.role == "register"
        return Plan(
            rows=tuple(self.rows), warnings=tuple(self.warnings), said=tuple(self.said),
            unknown=tuple(name for column, name in sorted(self.head.unknown.items())
                          if column < self.head.width),
            items=self.items if is_register else None, total=self.total,
        )  # fmt: skip


def _alike(said: Said) -> Said:
    """What is stated, apart from where it was read."""
    kept = tuple(p for p in said.particulars if not p.startswith(_SOURCE))
    return msgspec.structs.replace(said, particulars=kept, reason="")


def _items(said: Said) -> int:
    quantities = (p for p in said.particulars if p.startswith("quantity="))
    return sum(int(q.partition("=")[2]) for q in quantities)


def oddities(before: Board, after: Board) -> list[tuple[str, str]]:
    """What an import brings that does not go together: about what, and the codes of what it is."""
    known = set(_odd(before))
    return [one for one in _odd(after) if one not in known]


def _odd(board: Board) -> Iterator[tuple[str, str]]:
    yield from ((s.search_id, code) for s in board.searches for code in s.conflicts
                if code != SearchConflict.UNKNOWN)  # fmt: skip
    yield from ((e.entry, code) for e in board.register for code in e.flags if code not in _SAID)
    yield from ((m.entry, code) for m in board.moves for code in m.gaps)
    yield from ((p.reference, code) for p in board.persons for code in p.contradictions)
