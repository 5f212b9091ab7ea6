"""Contents that go from group to group: who brought each in, and who passed it on, when and how.

A content begins with one or more persons who post it. Some members of the group then pass it on
into other groups of theirs: most by forwarding, some by sending it anew, and some of these after
the messenger or they themselves re-encoded it, which makes another file of the same content.
"""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate, count
from random import Random
from typing import Any, Generic, TypeVar

import msgspec

from clew.demo.accounts import Account, AccountKind
from clew.demo.groups import Groups, Membership
from clew.demo.people import Part, Person

T = TypeVar("T")
_MOST_OF_ONE = 400
_CATCHING_NEW = ((0.35, 0.5), (0.75, 0.35), (0.93, 0.15))
_CATCHING_OLD = ((0.3, 0.45), (0.7, 0.4), (0.93, 0.15))


class Share(msgspec.Struct, kw_only=True):
    """A file sent once."""

    content: int
    variant: int
    """File: the contents of one variant are the same bytes."""
    person: int
    account: int
    group: int | None
    to: int | None = None
    """Person it was sent to, outside the groups."""
    at: float
    """Day and part of the day."""
    forwarded: bool
    hops: int
    generation: int
    """How often it was re-encoded."""


class Content(msgspec.Struct, kw_only=True):
    """What is shared, in whatever file."""

    number: int
    introduced_by: int
    """Person who first shared it."""
    new: bool
    """Nothing outside the network knew it."""
    known: bool
    """It is in the known set."""


class _Next(msgspec.Struct, order=True, frozen=True):
    """Somebody about to share something."""

    at: float
    turn: int
    person: int
    content: int
    variant: int
    forwarded: bool = False
    hops: int = 0
    generation: int = 0
    came_from: int = -1
    to: int | None = None


class Cascades:
    """All contents and all shares, in the order of time."""

    def __init__(self, groups: Groups, chance: Random) -> None:
        self.contents: list[Content] = []
        self.shares: list[Share] = []
        self.groups, self._parameters, self._chance = groups, groups.parameters, chance
        self._people = groups.accounts.people
        self._variants, self._turns = count(), count()
        eager = [p for p in self._people if p.eagerness > 0 and p.number in groups.of_person]
        self._introducers = [p for p in eager if p.part == Part.INTRODUCER]
        weights = [p.eagerness * (0.5 if p.part == Part.INTRODUCER else 1) for p in eager]
        self._importers = _Wheel(eager, weights)
        core = [p.number for p in eager if p.of_interest]
        self._trusted = {
            p.number: chance.sample([n for n in core if n != p.number], min(4, len(core) - 1))
            for p in self._introducers
        }
        self._readers = {g: self._wheel_of(m) for g, m in groups.of_group.items()}
        while len(self.shares) < self._parameters.shares:
            self._spread()
        self.shares.sort(key=lambda s: (s.at, s.content, s.account, s.group or -1))

    def _wheel_of(self, members: list[Membership]) -> _Wheel[Membership]:
        """Members of a group who pass things on, by how much they do."""
        active = [m for m in members if self._people[m.person].eagerness > 0]
        return _Wheel(active, [self._reach(self._people[m.person]) for m in active])

    def _reach(self, one: Person) -> float:
        groups = {m.group for m in self.groups.of_person[one.number]}
        return one.eagerness * min(1.0, 0.35 + 0.25 * len(groups))

    def _spread(self) -> None:
        """Let one content be brought in, and follow it until it ends."""
        new = bool(self._introducers) and self._chance.random() < self._parameters.introduced
        number = len(self.contents)
        waiting = list(self._beginnings(number, new=new))
        heapq.heapify(waiting)
        catching = _draw(_CATCHING_NEW if new else _CATCHING_OLD, self._chance)
        rate = catching * self._parameters.reshare
        sent: list[Share] = []
        while waiting and len(sent) < _MOST_OF_ONE:
            step = heapq.heappop(waiting)
            if step.at >= self._parameters.days:
                continue
            for share in self._post(step):
                sent.append(share)
                for following in self._passed_on(share, rate):
                    heapq.heappush(waiting, following)
        if not sent:
            return
        first = min(sent, key=lambda s: s.at).person
        known = not new and self._chance.random() < self._parameters.known
        self.contents.append(Content(number=number, introduced_by=first, new=new, known=known))
        self.shares += sent

    def _beginnings(self, content: int, *, new: bool) -> Iterator[_Next]:
        chance, end = self._chance, self._parameters.days
        if not new:
            again = chance.random() < self._parameters.imported_again
            times = min(25, int(chance.paretovariate(1.3))) if again else 1
            start = chance.uniform(0, end - 5)
            for n in range(times):
                at = start if n == 0 else chance.uniform(start, end)
                yield self._step(at, self._importers.draw(chance).number, content)
            return
        weights = [p.eagerness**0.3 for p in self._introducers]
        maker = chance.choices(self._introducers, weights)[0].number
        at = chance.uniform(1, end - 10)
        if chance.random() >= 0.35 or not self._trusted[maker]:
            yield self._step(at, maker, content)
            return
        friend = chance.choice(self._trusted[maker])
        first = self._step(at, maker, content, to=friend)
        yield first
        later = at + chance.lognormvariate(math.log(1.2), 1.2)
        yield self._step(later, friend, content, hops=1, variant=first.variant,
                         forwarded=chance.random() < 0.55)  # fmt: skip

    def _step(self, at: float, person: int, content: int, **about: Any) -> _Next:
        """The next turn; what is shared is a variant of its own unless one is given."""
        if about.get("variant") is None:
            about["variant"] = next(self._variants)
        return _Next(at=at, turn=next(self._turns), person=person, content=content, **about)

    def _post(self, step: _Next) -> list[Share]:
        """Shares that a step makes: in a private chat, or in one or more groups."""
        if step.to is not None:
            account = self._private_account(self._people[step.person], step.at)
            return [self._share(step, account.number, None, step.at)] if account else []
        active = [
            m for m in self.groups.of_person.get(step.person, ()) if m.since <= step.at <= m.until
        ]
        if step.came_from >= 0 and self._chance.random() < 0.93:
            active = [m for m in active if m.group != step.came_from]
        wide = self._chance.random() >= 0.72
        width = min(len(active), 2 + int(self._chance.expovariate(1.2)) if wide else 1)
        return [
            self._share(step, m.account, m.group, self._awake(step, m))
            for m in self._chance.sample(active, width)
        ]

    def _awake(self, step: _Next, member: Membership) -> float:
        """The time of a share, moved towards the hours at which the person is up."""
        hour = (self._people[step.person].hour + self._chance.gauss(0, 3.5)) % 24
        moved = math.floor(step.at) + hour / 24
        if step.hops or step.generation or not member.since <= moved <= member.until:
            return step.at + self._chance.uniform(0, 0.002)
        return moved

    def _share(self, step: _Next, account: int, group: int | None, at: float) -> Share:
        return Share(
            content=step.content, variant=step.variant, person=step.person, account=account,
            group=group, to=step.to, at=at, forwarded=step.forwarded, hops=step.hops,
            generation=step.generation,
        )  # fmt: skip

    def _private_account(self, one: Person, at: float) -> Account | None:
        kinds = (AccountKind.FIRST, AccountKind.CHANGED, AccountKind.SECOND)
        used = self.groups.accounts.of(one, *kinds)
        return next((a for a in used if a.since <= at <= a.until), None)

    def _passed_on(self, share: Share, rate: float) -> Iterator[_Next]:
        """Who of the group passes a share on, and how."""
        if share.group is None:
            return
        chance, readers = self._chance, self._readers[share.group]
        for _ in range(_poisson(rate, chance) if readers else 0):
            member = readers.draw(chance)
            if member.person == share.person or not member.since <= share.at <= member.until:
                continue
            forwarded = chance.random() < 0.68
            anew = not forwarded and chance.random() < 0.6
            yield self._step(
                share.at + chance.lognormvariate(math.log(0.45), 1.6), member.person,
                share.content, variant=None if anew else share.variant, forwarded=forwarded,
                hops=share.hops + 1 if forwarded else 0, generation=share.generation + anew,
                came_from=share.group,
            )  # fmt: skip


class _Wheel(Generic[T]):
    """Draws one of many, each as often as its weight says."""

    def __init__(self, things: list[T], weights: list[float]) -> None:
        self._things, self._sums = things, list(accumulate(weights))

    def __bool__(self) -> bool:
        return bool(self._things)

    def draw(self, chance: Random) -> T:
        """One of the things."""
        return self._things[bisect_left(self._sums, chance.random() * self._sums[-1])]


def _draw(choices: tuple[tuple[float, float], ...], chance: Random) -> float:
    return chance.choices([c[0] for c in choices], [c[1] for c in choices])[0]


def _poisson(mean: float, chance: Random) -> int:
    """A number of rare events (Knuth's method; means here are below 2)."""
    limit, product, found = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        found += 1
    return found
