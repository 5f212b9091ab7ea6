"""The register of seizures, and where each thing went.

A thing is known by its search and its number. Things are counted, not rows: a lot of 40 discs is
40. One number that stands for two different things is two entries, which are never merged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Any

import msgspec

from clew.formats.imei import is_right
from clew.operation.persons import country_of
from clew.operation.standing import Group, moment
from clew.operation.statements import value_of, values_of
from clew.records import Statement

SEIZED, MOVED = "seized", "moved"
_QUANTITY = re.compile("[1-9][0-9]{0,5}")
EXHIBIT = "exhibit_id"
"""Particular that names the exhibit as which a thing was taken in."""
_KNOWN_BY = ("kind", "imei", "serial")
"""Particulars by which two things of one number are told apart."""


class ExhibitState(StrEnum):
    """What became of a thing, in this order."""

    SEIZED = "seized"
    IN_LAB = "in_lab"
    ACQUIRED = "acquired"
    READ = "read"
    RETURNED = "returned"
    DESTROYED = "destroyed"


_RANK = {str(state): rank for rank, state in enumerate(ExhibitState)}


class EntryFlag(StrEnum):
    """What is odd about an entry."""

    SAME_NUMBER = "same_number"
    """The number stands for another thing too."""
    IMEI_CHECK_DIGIT = "imei_check_digit"
    """The IMEI's check digit is wrong; it stays as it was written."""
    IMEI_TWICE = "imei_twice"
    """Another entry has the same IMEI."""
    SERIAL_TWICE = "serial_twice"
    """Another entry has the same serial number."""
    QUANTITY_UNKNOWN = "quantity_unknown"
    """How many things it is was not stated; it counts as none."""
    KIND_UNKNOWN = "kind_unknown"
    """What it is was stated in words that are not known."""
    CONTRADICTION = "contradiction"
    """Statements differ in what they say of it."""
    HEARSAY = "hearsay"
    """Nobody who saw it states it."""
    NEVER_SEIZED = "never_seized"
    """It is moved or examined, and nobody states that it was seized."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the register."""

    entry: str
    """Search and number, with a slash between."""
    rank: int
    """Which of the things that bear the number, from 1."""
    search_id: str
    number: str
    country: str | None
    lot_quantity: int | None
    kind: str | None
    description: str | None
    imei: str | None
    serial: str | None
    seal: str | None
    seized_at: str | None
    seized_by: str
    holder_ref: str | None
    parent: str | None
    location: str | None
    state: str
    exhibit_ids: tuple[str, ...]
    """Exhibits of the case that it was taken in as; none of what was seized and not taken in."""
    acquired: int
    """Of its things, those that are stated to be acquired, or were taken in."""
    read: int
    """Of these, those that are stated to be read, or whose exhibits were."""
    said_by: tuple[str, ...]
    flags: tuple[str, ...]
    extra: tuple[str, ...]
    """Particulars that no column is for, each as ``name=value``."""


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """A thing changes hands."""

    entry: str
    from_: str = msgspec.field(name="from")
    to: str
    at: str | None
    purpose: str | None
    seal_before: str | None
    seal_after: str | None
    gaps: tuple[str, ...]
    said_by: str


class MoveGap(StrEnum):
    """What is not accounted for between two moves of a thing."""

    SEAL = "seal"
    """The seal before is not the one that it had."""
    SEAL_CHANGED = "seal_changed"
    """It has another seal afterwards."""
    HANDS = "hands"
    """It comes from hands that it was not given into."""
    UNKNOWN_ENTRY = "unknown_entry"
    """The register has no such entry."""


_COLUMNS = frozenset(("kind", "quantity", "description", "imei", "serial", "seal", "holder_ref",
                      "parent", "location", "seized_by"))  # fmt: skip


def register(groups: Iterable[Group]) -> tuple[Entry, ...]:
    """Every entry, by search and number."""
    found = [entry for group in groups for entry in _entries(group)]
    imeis = Counter(e.imei[:14] for e in found if e.imei)
    serials = Counter(e.serial for e in found if e.serial)
    return tuple(_doubled(entry, imeis, serials) for entry in found)


def _entries(group: Group) -> Iterator[Entry]:
    """The things that bear one number."""
    seizures = [s for s in group.counted if s.says == SEIZED]
    states = [s for s in (*group.first, *group.heard) if s.says in _RANK]
    if not seizures and group.withdrawals:
        return
    if not seizures:
        if group.counted:
            yield _entry(group, states, (), 1, {EntryFlag.NEVER_SEIZED})
        return
    things = _things(seizures)
    for rank, thing in enumerate(things, 1):
        flags = {EntryFlag.SAME_NUMBER} if len(things) > 1 else set()
        if group.first and any(_differs(s, thing) for s in group.heard if s.says == SEIZED):
            flags.add(EntryFlag.CONTRADICTION)
        yield _entry(group, states, thing, rank, flags)


def _things(seizures: Sequence[Statement]) -> list[list[Statement]]:
    """Statements by the thing that they mean; what says less joins the one thing that it fits."""
    by_marks: dict[tuple[str | None, ...], list[Statement]] = {}
    for one in seizures:
        by_marks.setdefault(_marks(one), []).append(one)
    order = sorted(by_marks, key=lambda m: (sum(v is None for v in m), [v or "" for v in m]))
    things: list[tuple[tuple[str | None, ...], list[Statement]]] = []
    for marks in order:
        fitting = [t for t in things if _fits(marks, t[0])]
        if len(fitting) == 1:
            fitting[0][1].extend(by_marks[marks])
        else:
            things.append((marks, list(by_marks[marks])))
    return [sorted(said, key=lambda s: (moment(s), s.site, s.seq)) for _, said in things]


def _marks(one: Statement) -> tuple[str | None, ...]:
    return tuple(value_of(one, name) for name in _KNOWN_BY)


def _fits(less: tuple[str | None, ...], more: tuple[str | None, ...]) -> bool:
    return all(a is None or a == b for a, b in zip(less, more, strict=True))


def _differs(heard: Statement, thing: Iterable[Statement]) -> bool:
    return not any(_fits(_marks(heard), _marks(one)) for one in thing)


def _entry(
    group: Group, states: Sequence[Statement], thing: Sequence[Statement], rank: int,
    flags: set[EntryFlag],
) -> Entry:  # fmt: skip
    search_id, number = parts_of(group.reference, thing)
    each = [values_of(one) for one in thing]
    said = {name: [v[name] for v in each if name in v] for name in _COLUMNS}
    quantity = _number(_last(said["quantity"]))
    latest = max((s.says for s in states), key=_RANK.__getitem__, default=ExhibitState.SEIZED)
    imei = _last(said["imei"])
    if thing and quantity is None and _is_counted(thing):
        quantity = 1
    holding = {
        EntryFlag.IMEI_CHECK_DIGIT: imei is not None and not is_right(imei),
        EntryFlag.QUANTITY_UNKNOWN: quantity is None,
        EntryFlag.KIND_UNKNOWN: bool(thing) and not said["kind"],
        EntryFlag.CONTRADICTION: any(len(set(v)) > 1 for v in said.values()),
        EntryFlag.HEARSAY: not group.first,
    }
    return Entry(
        entry=group.reference,
        rank=rank,
        search_id=search_id,
        number=number,
        country=next((c for s in (*thing, *states) if (c := country_of(s)[0])), None),
        lot_quantity=quantity,
        kind=_last(said["kind"]),
        description=_last(said["description"]),
        imei=imei,
        serial=_last(said["serial"]),
        seal=_last(said["seal"]),
        seized_at=moment(thing[0]) if thing else None,
        seized_by=_last(said["seized_by"]) or (thing[0].judged_by if thing else ""),
        holder_ref=_last(said["holder_ref"]),
        parent=_last(said["parent"]),
        location=_last(said["location"]),
        state=latest,
        **_examined(states, quantity or 0),
        said_by=tuple(sorted({s.site for s in thing or states})),
        flags=tuple(sorted(flags | {flag for flag, holds in holding.items() if holds})),
        extra=_extra(thing),
    )


def _examined(states: Sequence[Statement], lot: int) -> dict[str, Any]:
    """How many things of a lot were acquired and read: each exhibit is one of them."""
    exhibits = sorted({name for s in states if (name := value_of(s, EXHIBIT))})
    whole = {s.says for s in states if value_of(s, EXHIBIT) is None}
    acquired = bool(whole & {ExhibitState.ACQUIRED, ExhibitState.READ})
    return {
        "exhibit_ids": tuple(exhibits),
        "acquired": lot if acquired else min(lot, len(exhibits)),
        "read": lot if ExhibitState.READ in whole else 0,
    }


def parts_of(reference: str, said: Iterable[Statement]) -> tuple[str, str]:
    """Search and number of a thing; a number that has a slash itself names its search besides."""
    for search in (value_of(one, "search") for one in said):
        if search and reference.startswith(f"{search}/"):
            return search, reference[len(search) + 1 :]
    search_id, _, number = reference.rpartition("/")
    return search_id, number


def _is_counted(thing: Iterable[Statement]) -> bool:
    """Whether somebody speaks of one thing; a row whose number is left blank says it is unknown."""
    return not any(value_of(s, "quantity_unknown") or value_of(s, "quantity") for s in thing)


def _number(text: str | None) -> int | None:
    """How many things are stated; None of what is no number, which says nothing."""
    return int(text) if text and _QUANTITY.fullmatch(text) else None


def _extra(thing: Iterable[Statement]) -> tuple[str, ...]:
    besides = _COLUMNS | {"quantity_unknown", "search", EXHIBIT}
    every = {p for s in thing for p in s.particulars if p.partition("=")[0] not in besides}
    return tuple(sorted(every))


def _last(values: Sequence[str]) -> str | None:
    return values[-1] if values else None


def _doubled(entry: Entry, imeis: Mapping[str, int], serials: Mapping[str, int]) -> Entry:
    flags = {*entry.flags}
    if entry.imei and imeis[entry.imei[:14]] > 1:
        flags.add(EntryFlag.IMEI_TWICE)
    if entry.serial and serials[entry.serial] > 1:
        flags.add(EntryFlag.SERIAL_TWICE)
    return msgspec.structs.replace(entry, flags=tuple(sorted(flags)))


def moves(groups: Iterable[Group], known: Mapping[str, Entry]) -> tuple[Move, ...]:
    """Every move, by thing and time, with what is not accounted for since the one before."""
    return tuple(move for group in groups for move in _moves(group, known.get(group.reference)))


def _moves(group: Group, entry: Entry | None) -> Iterator[Move]:
    said = [s for s in group.counted if s.says == MOVED]
    for before, one in pairwise([None, *said]):
        assert one is not None
        found = {name: value_of(one, name) for name in ("from", "to", "seal_before", "seal_after")}
        had = value_of(before, "seal_after") if before else entry.seal if entry else None
        gaps = {
            MoveGap.SEAL: bool(had and found["seal_before"] and had != found["seal_before"]),
            MoveGap.SEAL_CHANGED: bool(
                found["seal_after"] and (had or found["seal_before"])
                and found["seal_after"] != (found["seal_before"] or had)
            ),
            MoveGap.HANDS: before is not None and value_of(before, "to") != found["from"],
            MoveGap.UNKNOWN_ENTRY: entry is None or EntryFlag.NEVER_SEIZED in entry.flags,
        }  # fmt: skip
        yield Move(
            entry=group.reference, from_=found["from"] or "", to=found["to"] or "",
            at=moment(one), purpose=value_of(one, "purpose"),
            seal_before=found["seal_before"], seal_after=found["seal_after"],
            gaps=tuple(sorted(name for name, holds in gaps.items() if holds)), said_by=one.site,
        )  # fmt: skip
