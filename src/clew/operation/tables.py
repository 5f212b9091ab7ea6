"""The board as tables: what is shown and exported, each row with who says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from clew.operation.board import Board
from clew.operation.persons import PersonStatus, Track
from clew.operation.register import Entry
from clew.operation.searches import SearchState
from clew.words import say

Rows = list[dict[str, Any]]
UNKNOWN = "?"
"""Country of what nobody says the country of."""


def by_country(board: Board) -> Rows:
    """By country: what is planned, entered, found, arrested, and what is pending."""
    places = sorted({
        *(s.country or UNKNOWN for s in board.searches),
        *(e.country or UNKNOWN for e in board.register),
        *(c or UNKNOWN for p in board.persons for c in p.arrested_in),
        *(p.country_of_act or UNKNOWN for p in board.persons),
    })  # fmt: skip
    return [_country(board, country) for country in places]


def _country(board: Board, country: str) -> dict[str, Any]:
    searches = [s for s in board.searches if (s.country or UNKNOWN) == country]
    things = [e for e in board.register if (e.country or UNKNOWN) == country]
    persons = [p for p in board.persons if (p.country_of_act or UNKNOWN) == country]
    states = Counter(s.state for s in searches)
    tracks = Counter(p.track for p in persons)
    done = states[SearchState.ENTERED] + states[SearchState.LEFT]
    return {
        "country": country,
        "searches": len(searches),
        "entered": done,
        "pending": len(searches) - done - states[SearchState.CANCELLED],
        "positive": sum(s.result == "positive" for s in searches),
        **counted(things),
        "arrests": arrests(board, country),
        "heard_arrests": sum(p.heard_arrested for p in persons),
        **{track.value: tracks[track]
           for track in (Track.RELEASED, Track.REMANDED, Track.CHARGED, Track.CONVICTED,
                         Track.ACQUITTED, Track.NO_FURTHER_ACTION)},
        "contradictions": sum(bool(p.contradictions) for p in persons)
        + sum(bool(s.conflicts) for s in searches),
        "said_by": sorted({*(x for s in searches for x in s.said_by),
                           *(x for e in things for x in e.said_by),
                           *(v.site for p in persons for v in p.voices)}),
    }  # fmt: skip


def counted(things: Iterable[Entry]) -> dict[str, int]:
    """Things of the register: seized, acquired and read; of the rest each entry is listed."""
    seized: Counter[str] = Counter()
    for one in things:
        many = one.lot_quantity or 0
        seized["entries"] += 1
        seized["seized"] += many
        seized["of_unknown_number"] += one.lot_quantity is None
        seized["acquired"] += one.acquired
        seized["read"] += one.read
    names = ("entries", "seized", "of_unknown_number", "acquired", "read")
    return {name: seized[name] for name in names}


def arrests(board: Board, country: str | None = None) -> int:
    """Persons of whom an arrest is stated first-hand, in a country or at all."""
    return sum(
        bool(p.arrested_in) if country is None
        else country in {c or UNKNOWN for c in p.arrested_in}
        for p in board.persons
    )  # fmt: skip


def by_day(board: Board) -> Rows:
    """By day: searches entered and left, things seized, persons arrested."""
    days: dict[str, Counter[str]] = {}

    def add(at: str | None, what: str, many: int = 1) -> None:
        days.setdefault((at or "")[:10] or UNKNOWN, Counter())[what] += many

    for search in board.searches:
        for what, at in (("entered", search.entered_at), ("left", search.left_at)):
            if at:
                add(at, what)
    for entry in board.register:
        add(entry.seized_at, "seized", entry.lot_quantity or 0)
    for person in board.persons:
        if person.arrested_in:
            add(_arrested_at(person), "arrests")
    names = ("entered", "left", "seized", "arrests")
    return [{"day": day, **{n: found[n] for n in names}} for day, found in sorted(days.items())]


def _arrested_at(person: PersonStatus) -> str | None:
    voices = (v.at for v in person.voices if v.says == Track.ARRESTED and v.heard_from is None)
    return min(voices, default=None)


def persons(board: Board) -> Rows:
    """Every person, with the state in words and everybody who speaks of it."""
    return [
        {
            "person": p.reference, "state": said_of(p), "track": p.track,
            "country_of_act": p.country_of_act, "country_by": p.country_by,
            "since": p.since, "category": p.category, "statements": p.statements,
            "first_hand": p.first_hand, "contradictions": list(p.contradictions),
            "said": [f"{v.at} {v.says}: {v.site} {v.by}"
                     + (f" < {v.heard_from}" if v.heard_from else "") for v in p.voices],
        }
        for p in board.persons
    ]  # fmt: skip


def said_of(person: PersonStatus) -> str:
    """The state of a person in words; a contradiction stays one."""
    if person.contradictions:
        parts = dict.fromkeys(
            say("board_person", "voice", says=v.says, site=v.site,
                how=say("board_person", "heard" if v.heard_from else "seen"))
            for v in sorted(_speaking(person), key=lambda v: (v.heard_from is not None, v.at))
        )  # fmt: skip
        return say("board_person", "contradiction", parts=", ".join(parts))
    if person.statements > 1:
        return say("board_person", "several", track=person.track, n=person.statements,
                   first=person.first_hand)  # fmt: skip
    return person.track or ""


def _speaking(person: PersonStatus) -> list[Any]:
    return [v for v in person.voices if v.says in {*Track, "withdrawn"}]


def as_rows(things: Iterable[msgspec.Struct]) -> Rows:
    """Rows of one of the board's lists, a column for each field."""
    return [msgspec.to_builtins(thing) for thing in things]


LISTS: dict[str, Callable[[Board], Rows]] = {
    "country": by_country,
    "search": lambda board: as_rows(board.searches),
    "day": by_day,
    "exhibit": lambda board: as_rows(board.register),
    "unread": lambda board: as_rows(e for e in board.register if e.read < (e.lot_quantity or 1)),
    "move": lambda board: as_rows(board.moves),
    "person": persons,
    "figure": lambda board: as_rows(board.figures),
    "gap": lambda board: as_rows(board.gaps),
}
"""What the board is shown by; the desk of possible victims is none of these."""
