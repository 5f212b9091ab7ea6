"""What became of persons, as it is stated; nothing is inferred, and an arrest proves no guilt."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import pairwise
from operator import attrgetter

import msgspec

from clew.operation.standing import Group, moment
from clew.operation.statements import value_of
from clew.records import VICTIMS, PersonCategory, Statement
from clew.words.register import countries


class Track(StrEnum):
    """How far proceedings against a person have come."""

    UNIDENTIFIED = "unidentified"
    IDENTIFIED = "identified"
    LOCATED = "located"
    UNDER_INVESTIGATION = "under_investigation"
    SEARCHED = "searched"
    ARRESTED = "arrested"
    RELEASED = "released"
    REMANDED = "remanded"
    CHARGED = "charged"
    CONVICTED = "convicted"
    ACQUITTED = "acquitted"
    NO_FURTHER_ACTION = "no_further_action"


class DeskTrack(StrEnum):
    """How far the desk for possible victims has come."""

    POSSIBLE = "possible"
    IDENTIFIED = "identified"
    LOCATED = "located"
    SAFEGUARDED = "safeguarded"


_TRACK = {str(track): rank for rank, track in enumerate(Track)}
_DESK = frozenset(DeskTrack)
_CATEGORIES = frozenset(PersonCategory)
_ENDED = frozenset((Track.CONVICTED, Track.ACQUITTED, Track.NO_FURTHER_ACTION))
_STAGE = {Track.UNIDENTIFIED: 0, Track.IDENTIFIED: 1, Track.CHARGED: 3} | dict.fromkeys(_ENDED, 4)
_ORDER = attrgetter("at", "site", "statement_id")
_BETWEEN = 2
"""Stage of what may come in any order: search, arrest, release, and again."""


class Contradiction(StrEnum):
    """What does not go together in what is stated of a person."""

    HEARSAY = "hearsay"
    """What was heard is not what was seen, or what was seen is withdrawn."""
    ORDER = "order"
    """A later stage is dated before an earlier one."""
    OUTCOMES = "outcomes"
    """Two outcomes are stated by two sites."""
    WITHDRAWN = "withdrawn"
    """One site took back what it had seen, and another states that it saw something."""


class Voice(msgspec.Struct, frozen=True):
    """One statement in short."""

    at: str
    says: str
    site: str
    by: str
    heard_from: str | None
    statement_id: str


class PersonStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What is stated of one person."""

    reference: str
    category: str | None
    """Of Directive (EU) 2016/680, Article 6, as it was last stated."""
    track: str | None
    """``withdrawn`` where what was seen was taken back and nothing else stands."""
    country_of_act: str | None
    country_by: str | None
    """``stated``, or ``reference`` where only the code that names the person says it."""
    since: str | None
    statements: int
    """Statements that say this, first-hand or heard."""
    first_hand: int
    """Of these, first-hand."""
    arrested_in: tuple[str, ...]
    """Countries of arrests that are stated first-hand; empty text where none is known."""
    heard_arrested: bool
    """An arrest was heard of and not seen."""
    contradictions: tuple[str, ...]
    voices: tuple[Voice, ...]


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """A possible victim."""

    reference: str
    track: str
    since: str | None
    voices: tuple[Voice, ...]


def persons(groups: Iterable[Group]) -> tuple[PersonStatus, ...]:
    """The state of every person, each once, by reference."""
    return tuple(_person(group) for group in groups)


def desk(victims: Iterable[Group], of_persons: Iterable[Group]) -> tuple[Desk, ...]:
    """Possible victims, also those who are stated to be one among the persons."""
    found: dict[str, tuple[str, str | None, list[Voice]]] = {}
    for group in victims:
        said = [s for s in group.counted if s.says in _DESK]
        last = said[-1] if said else None
        track = last.says if last else DeskTrack.POSSIBLE.value
        found[group.reference] = track, moment(last) if last else None, _voices(group)
    for group in of_persons:
        if any(_category(one) in VICTIMS for one in (*group.first, *group.heard)):
            track, since, voices = found.get(group.reference, (DeskTrack.POSSIBLE.value, None, []))
            found[group.reference] = track, since, sorted([*voices, *_voices(group)], key=_ORDER)
    return tuple(
        Desk(reference=name, track=track, since=since, voices=tuple(voices))
        for name, (track, since, voices) in sorted(found.items())
    )


def _person(group: Group) -> PersonStatus:
    first, heard = _of_track(group.first), _of_track(group.heard)
    says = _latest(first) or (None if group.withdrawals else _latest(heard))
    alike = [s for s in (*first, *heard) if says and s.says == says.says]
    arrests = [s for s in first if s.says == Track.ARRESTED]
    country, basis = country_of(says) if says else (None, None)
    categories = [c for s in (group.first or group.heard) if (c := _category(s))]
    return PersonStatus(
        reference=group.reference,
        category=categories[-1] if categories else None,
        track=says.says if says else "withdrawn" if group.withdrawals else None,
        country_of_act=country,
        country_by=basis,
        since=min((moment(s) for s in alike), default=None),
        statements=len(alike),
        first_hand=sum(s.heard_from is None for s in alike),
        arrested_in=tuple(sorted({country_of(s)[0] or "" for s in arrests})),
        heard_arrested=not arrests and any(s.says == Track.ARRESTED for s in heard),
        contradictions=tuple(_contradictions(group, first, heard)),
        voices=tuple(_voices(group)),
    )


def _contradictions(
    group: Group, first: list[Statement], heard: list[Statement]
) -> Iterator[Contradiction]:
    seen = {s.says for s in first}
    if (first or group.withdrawals) and any(s.says not in seen for s in heard):
        yield Contradiction.HEARSAY
    stages = [_stage(s) for s in first]
    if any(later < earlier for earlier, later in pairwise(stages)):
        yield Contradiction.ORDER
    withdrawn = {s.site for s in group.withdrawals}
    if withdrawn and any(s.site not in withdrawn for s in first):
        yield Contradiction.WITHDRAWN
    ended = {(s.says, s.site) for s in first if s.says in _ENDED}
    if len({says for says, _ in ended}) > 1 and len({site for _, site in ended}) > 1:
        yield Contradiction.OUTCOMES


def _stage(statement: Statement) -> int:
    return _STAGE.get(Track(statement.says), _BETWEEN)


def _of_track(statements: Iterable[Statement]) -> list[Statement]:
    """Statements on how far proceedings have come, by time; of one day the earlier stage first."""
    found = [s for s in statements if s.says in _TRACK]
    return sorted(found, key=lambda s: (moment(s), _TRACK[s.says], s.site, s.seq))


def _latest(statements: list[Statement]) -> Statement | None:
    return statements[-1] if statements else None


def _category(statement: Statement) -> str | None:
    said = value_of(statement, "category")
    return said or (statement.says if statement.says in _CATEGORIES else None)


def country_of(statement: Statement) -> tuple[str | None, str | None]:
    """Country of an act, and whether it is stated or only in the code of what it is about."""
    if statement.country:
        return statement.country, "stated"
    found = country_in(statement.reference)
    return found, found and "reference"


def country_in(reference: str) -> str | None:
    """The country that a code begins with, as ``ES-S-01`` does."""
    begin, dash, _ = reference.partition("-")
    return begin if dash and begin in countries() else None


def _voices(group: Group) -> list[Voice]:
    every = (*group.first, *group.heard, *group.withdrawals)
    voices = (
        Voice(moment(s), s.says, s.site, s.judged_by, s.heard_from, s.statement_id) for s in every
    )
    return sorted(voices, key=_ORDER)
