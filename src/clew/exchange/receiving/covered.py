"""What a sender says that a package has not, as rows that are checked against what came.

A package is a part of a case, and whoever reads it must know how much it lacks. ``coverage.json``
is the sender's word; what of it can be counted here has to agree with the tables that came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from clew.casefile.received import parted, qualified
from clew.exchange.packing.coverage import NAME, VERSION, Coverage
from clew.exchange.refused import Refused
from clew.records import CoverageKind, Exhibit, ReceivedCoverage
from clew.schema import Id, tables

if TYPE_CHECKING:
    from clew.records import Package

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_:.-]{0,79}")
_MOST = 100_000
"""Counts of one package; an operation has some hundred."""
_LARGEST = 1 << 53


class NotRead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was not read on an exhibit, for one reason."""

    exhibit_id: str
    severity: str
    code: str
    times: int


def coverage(data: bytes) -> Coverage:
    """What ``coverage.json`` says; Refused of what is none."""
    try:
        said = msgspec.json.decode(data, type=Coverage)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Refused("coverage", why=error) from error
    if said.format != VERSION:
        raise Refused("coverage", why=f"it is of the format {said.format!r}")
    if not 0 <= said.texts <= _LARGEST:
        raise Refused("coverage", why=f"{said.texts} is no number of texts")
    return said


def rows(said: Coverage, about: Package, came: Mapping[str, int]) -> tuple[ReceivedCoverage, ...]:
    """Its counts as rows; Refused where they contradict the tables that came, by their rows."""
    for table in sorted({*said.tables, *came}):
        one = said.tables.get(table)
        if table not in tables():
            raise Refused("coverage", why=f"there is no table {table!r}")
        if (one.sent if one else 0) != came.get(table, 0):
            raise Refused("coverage", why=f"{table} has {came.get(table, 0)} rows, and it says "
                                          f"{one.sent if one else 0}")  # fmt: skip
        if one and one.total != one.sent + sum(one.withheld.values()):
            raise Refused("coverage", why=f"the rows of {table} do not add up")
    found = tuple(_counted(said, about))
    if len(found) > _MOST:
        raise Refused("coverage", why="it has more counts than a case can need")
    for row in found:
        if not 0 <= row.rows <= _LARGEST or (row.reason and not _CODE.fullmatch(row.reason)):
            raise Refused("coverage", why=f"{row.reason!r}: {row.rows} is no count for a reason")
    return found


def _counted(said: Coverage, about: Package) -> Iterator[ReceivedCoverage]:
    at: dict[str, Any] = {"origin": about.origin, "package_id": about.package_id}
    for name, table in sorted(said.tables.items()):
        yield ReceivedCoverage(**at, kind=CoverageKind.SENT, table_name=name, rows=table.sent)
        for why, n in sorted(table.withheld.items()):
            kind = CoverageKind.WITHHELD
            yield ReceivedCoverage(**at, kind=kind, table_name=name, reason=why, rows=n)
    for why, n in sorted(said.persons.items()):
        yield ReceivedCoverage(**at, kind=CoverageKind.PERSONS, reason=why, rows=n)
    for one in _not_read(said):
        exhibit, kind = Id[Exhibit](qualified(about.origin, one.exhibit_id)), CoverageKind.NOT_READ
        yield ReceivedCoverage(**at, kind=kind, exhibit_id=exhibit, reason=one.code, rows=one.times)


def _not_read(said: Coverage) -> tuple[NotRead, ...]:
    try:
        found = msgspec.convert(said.not_read, tuple[NotRead, ...])
    except msgspec.ValidationError as error:
        raise Refused("coverage", why=error) from error
    if any(parted(one.exhibit_id)[0] for one in found):
        raise Refused("qualified", table=NAME, column="exhibit_id")
    return found


__all__ = ["NAME", "coverage", "rows"]
