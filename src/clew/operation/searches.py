"""Searches of premises: what is planned, entered and left, and with which result."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

import msgspec

from clew.operation.persons import country_in, country_of
from clew.operation.register import Entry
from clew.operation.standing import Group, moment
from clew.operation.statements import value_of
from clew.records import Statement


class SearchState(StrEnum):
    """How far a search has come, in this order."""

    PLANNED = "planned"
    AUTHORISED = "authorised"
    ENTERED = "entered"
    LEFT = "left"
    CANCELLED = "cancelled"


_RANK = {str(state): rank for rank, state in enumerate(SearchState)}


class SearchConflict(StrEnum):
    """What does not go together in what is stated of a search."""

    HEARSAY = "hearsay"
    """What was heard is not what was seen."""
    ENTERED = "entered"
    """Two times of entering are stated."""
    LEFT = "left"
    """Two times of leaving are stated."""
    RESULT = "result"
    """Two results are stated."""
    ORDER = "order"
    """It was left before it was entered."""
    NEGATIVE_WITH_ITEMS = "negative_with_items"
    """It is stated to be without result, and things of it are in the register."""
    UNKNOWN = "unknown"
    """The register names it, and nobody states that there was such a search."""
    CLOCK = "clock"
    """A site says that its clock was wrong."""


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What is stated of one search."""

    search_id: str
    country: str | None
    place: str | None
    authority_ref: str | None
    valid_until: str | None
    state: str | None
    result: str | None
    entered_at: str | None
    left_at: str | None
    entries: int
    """Entries of the register."""
    items: int
    """Things in them, as far as their number is stated."""
    said_by: tuple[str, ...]
    """Sites that state this."""
    first_hand: bool
    conflicts: tuple[str, ...]


def searches(groups: Iterable[Group], exhibits: Iterable[Entry]) -> tuple[Search, ...]:
    """Every search that is stated, or that the register names."""
    entries: Counter[str] = Counter()
    items: Counter[str] = Counter()
    for one in exhibits:
        entries[one.search_id] += 1
        items[one.search_id] += one.lot_quantity or 0
    found = {group.reference: group for group in groups}
    return tuple(
        _search(name, found.get(name), entries[name], items[name])
        for name in sorted({*found, *entries} - {""})
    )


def _search(name: str, group: Group | None, entries: int, items: int) -> Search:
    counted = group.counted if group else ()
    states = [s.says for s in counted if s.says in _RANK]
    state = max(states, key=_RANK.__getitem__, default=None)
    entered, left = _times(counted, SearchState.ENTERED), _times(counted, SearchState.LEFT)
    results = sorted(set(_values(counted, "result")))
    conflicts = {
        SearchConflict.ENTERED: len(entered) > 1,
        SearchConflict.LEFT: len(left) > 1,
        SearchConflict.RESULT: len(results) > 1,
        SearchConflict.ORDER: bool(entered and left and left[0] < entered[0]),
        SearchConflict.NEGATIVE_WITH_ITEMS: results == ["negative"] and entries > 0,
        SearchConflict.UNKNOWN: group is None,
        SearchConflict.CLOCK: any(s.clock_note for s in counted),
        SearchConflict.HEARSAY: bool(group and group.first and _says(group.heard) - {*states}),
    }
    return Search(
        search_id=name,
        country=_first(c for s in counted if (c := country_of(s)[0])) or country_in(name),
        place=_first(s.place for s in counted if s.place),
        authority_ref=_first(_values(counted, "authority")),
        valid_until=_first(_values(counted, "valid_until")),
        state=state,
        result=results[0] if len(results) == 1 else None,
        entered_at=_first(entered),
        left_at=_first(left),
        entries=entries,
        items=items,
        said_by=tuple(sorted({s.site for s in counted})),
        first_hand=bool(group and group.first),
        conflicts=tuple(sorted(name for name, holds in conflicts.items() if holds)),
    )


def _says(statements: Iterable[Statement]) -> set[str]:
    return {s.says for s in statements}


def _times(counted: Iterable[Statement], state: SearchState) -> list[str]:
    return sorted({moment(s) for s in counted if s.says == state})


def _values(counted: Iterable[Statement], name: str) -> list[str]:
    return [value for s in counted if (value := value_of(s, name))]


def _first(values: Iterable[str]) -> str | None:
    return next(iter(values), None)
