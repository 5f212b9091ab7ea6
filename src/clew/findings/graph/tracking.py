"""What became of communities from one period to the next, in the words of community tracking.

Group evolution discovery (Bródka, Saganowski and Kazienko 2013, "GED: the method for group
evolution discovery in social networks", doi 10.1007/s13278-012-0058-8): how far one community is in
another is the part of its members that is there, times the part of their weight in it. Weight here
is in how many of its groups a person is. From half on, in either direction, the two belong
together.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import msgspec

from clew.records import Change, CommunityEvent
from clew.schema import Id

_ENOUGH = 0.5
"""Inclusion from which on two belong together: the value of the method's authors."""
_SAME_SIZE = 0.1
"""Change of size up to which a community continues as it was."""


class Tracked(Protocol):
    """A community as far as tracking needs it."""

    @property
    def community_id(self) -> str:
        """Its name."""

    @property
    def groups(self) -> frozenset[str]:
        """Its groups."""

    @property
    def persons(self) -> Mapping[str, int]:
        """In how many of its groups each person is."""


class _Match(msgspec.Struct, frozen=True):
    one: int
    other: int
    kept: int
    part: float
    taken: float

    @property
    def enough(self) -> bool:
        return max(self.part, self.taken) >= _ENOUGH


def events(
    period: str, before: Sequence[Tracked], after: Sequence[Tracked]
) -> Iterator[CommunityEvent]:
    """What became of each community of the period before, and what appeared."""
    matches = [match for match in _matches(before, after) if match.enough]
    following: defaultdict[int, list[_Match]] = defaultdict(list)
    preceding: defaultdict[int, list[_Match]] = defaultdict(list)
    for match in matches:
        following[match.one].append(match)
        preceding[match.other].append(match)
    was = frozenset[str]().union(*(one.groups for one in before))
    now = frozenset[str]().union(*(one.groups for one in after))
    for match in matches:
        one, other = before[match.one], after[match.other]
        change = _change(match, one, other, following[match.one], preceding[match.other])
        yield _event(period, change, one, other, match, was, now)
    for at, one in enumerate(before):
        if at not in following:
            yield _event(period, Change.DISSOLVE, one, None, None, was, now)
    for at, other in enumerate(after):
        if at not in preceding and before:
            yield _event(period, Change.APPEAR, None, other, None, was, now)


def _matches(before: Sequence[Tracked], after: Sequence[Tracked]) -> Iterator[_Match]:
    """Pairs with persons in common, by the persons and not by all pairs."""
    of_person: defaultdict[str, list[int]] = defaultdict(list)
    for at, other in enumerate(after):
        for person in other.persons:
            of_person[person].append(at)
    for at, one in enumerate(before):
        kept: defaultdict[int, list[str]] = defaultdict(list)
        for person in one.persons:
            for there in of_person.get(person, ()):
                kept[there].append(person)
        for there, persons in sorted(kept.items()):
            part = _inclusion(one.persons, persons)
            taken = _inclusion(after[there].persons, persons)
            yield _Match(at, there, len(persons), part, taken)


def _inclusion(members: Mapping[str, int], kept: list[str]) -> float:
    weight = sum(members[person] for person in kept) / sum(members.values())
    return len(kept) / len(members) * weight


def _change(
    match: _Match, one: Tracked, other: Tracked, following: list[_Match], preceding: list[_Match]
) -> Change:
    """The events of the method, in its order: with others, alone, by size."""
    if len(following) > 1 and match.taken >= _ENOUGH:
        return Change.SPLIT
    if len(preceding) > 1 and match.part >= _ENOUGH:
        return Change.MERGE
    change = len(other.persons) / len(one.persons) - 1
    if abs(change) <= _SAME_SIZE:
        return Change.CONTINUE
    return Change.GROW if change > 0 else Change.SHRINK


def _event(  # noqa: PLR0913, PLR0917 - the parts of one row
    period: str,
    change: Change,
    one: Tracked | None,
    other: Tracked | None,
    match: _Match | None,
    was: frozenset[str],
    now: frozenset[str],
) -> CommunityEvent:
    kept, part, taken = (match.kept, match.part, match.taken) if match else (0, 0.0, 0.0)
    return CommunityEvent(
        period=period,
        change=change,
        before=Id(one.community_id if one else ""),
        after=Id(other.community_id if other else ""),
        persons_before=len(one.persons) if one else 0,
        persons_after=len(other.persons) if other else 0,
        persons_kept=kept,
        kept_part=round(part, 4),
        taken_part=round(taken, 4),
        groups_ended=tuple(Id(g) for g in sorted(one.groups - now)) if one else (),
        groups_new=tuple(Id(g) for g in sorted(other.groups - was)) if other else (),
    )
