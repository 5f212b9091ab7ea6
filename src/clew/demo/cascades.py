"""Contents that go from group to group: who brought each in, and who passed it on, when and how.

A content begins with one or more persons who post it. Some members of the group then pass it on
into other groups of theirs: most by forwarding, some by sending it anew, and some of these after
the messenger or they themselves re-encoded it, which makes another file of the same content.
"""

from __future__ import annotations

import heapq
import math
import random
from bisect import bisect_left
from itertools import accumulate, count

import msgspec

from clew.demo.accounts import Account, AccountKind, Accounts
from clew.demo.groups import Groups, Membership
from clew.demo.parameters import Parameters
from clew.demo.people import Part, Person

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
    to: int = -1


class Cascades:
    """All contents and all shares, in the order of time."""

    def __init__(
        self, parameters: Parameters, accounts: Accounts, groups: Groups, chance: random.Random
    ) -> None:
        self.contents: list[Content] = []
        self.shares: list[Share] = []
        self._parameters, self._chance = parameters, chance
        self._accounts, self._groups = accounts, groups
        self._variants, self._turns = count(), count()
        eager = [p for p in accounts.people if p.eagerness > 0 and p.number in groups.of_person]
        self._importers = _Wheel(
            eager, [p.eagerness * (0.5 if p.part == Part.INTRODUCER else 1) for p in eager]
        )
        self._introducers = [p for p in eager if p.part == Part.INTRODUCER]
        core = [p.number for p in eager if p.of_interest]
        self._trusted = {
            p.number: chance.sample([n for n in core if n != p.number], min(4, len(core) - 1))
            for p in self._introducers
        }
        self._readers = {g: self._wheel_of(m) for g, m in groups.of_group.items()}
        while len(self.shares) < parameters.shares:
            self._spread()
        self.shares.sort(key=lambda s: (s.at, s.content, s.account, s.group or -1))

    def _wheel_of(self, members: list[Membership]) -> _Wheel:
        """Members of a group who pass things on, by how much they do."""
        people = self._accounts.people
        active = [m for m in members if people[m.person].eagerness > 0]
        return _Wheel(
            active,
            [
                people[m.person].eagerness
                * min(1.0, 0.35 + 0.25 * len({x.group for x in self._groups.of_person[m.person]}))
                for m in active
            ],
        )

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
        first = min(sent, key=lambda s: s.at)
        known = not new and self._chance.random() < self._parameters.known
        self.contents.append(
            Content(number=number, introduced_by=first.person, new=new, known=known)
        )
        self.shares += sent

    def _beginnings(self, content: int, *, new: bool) -> list[_Next]:
        chance, end = self._chance, self._parameters.days
        if not new:
            again = chance.random() < self._parameters.imported_again
            times = min(25, int(chance.paretovariate(1.3))) if again else 1
            start = chance.uniform(0, end - 5)
            return [
                self._step(
                    start if n == 0 else chance.uniform(start, end),
                    self._importers.draw(chance).number, content,
                )
                for n in range(times)
            ]  # fmt: skip
        maker = chance.choices(self._introducers, [p.eagerness**0.3 for p in self._introducers])[
            0
        ].number
        at = chance.uniform(1, end - 10)
        if chance.random() >= 0.35 or not self._trusted[maker]:
            return [self._step(at, maker, content)]
        friend = chance.choice(self._trusted[maker])
        first = self._step(at, maker, content, to=friend)
        later = at + chance.lognormvariate(math.log(1.2), 1.2)
        return [
            first,
            msgspec.structs.replace(
                first, at=later, turn=next(self._turns), person=friend, to=-1, hops=1,
                forwarded=chance.random() < 0.55,
            ),
        ]  # fmt: skip

    def _step(self, at: float, person: int, content: int, to: int = -1) -> _Next:
        return _Next(
            at=at, turn=next(self._turns), person=person, content=content,
            variant=next(self._variants), to=to,
        )  # fmt: skip

    def _post(self, step: _Next) -> list[Share]:
        """Shares that a step makes: in a private chat, or in one or more groups."""
        if step.to >= 0:
            account = self._private_account(self._accounts.people[step.person], step.at)
            return [self._share(step, account.number, None, step.at)] if account else []
        active = [
            m for m in self._groups.of_person.get(step.person, ()) if m.since <= step.at <= m.until
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
        one = self._accounts.people[step.person]
        day = math.floor(step.at)
        hour = (one.hour + self._chance.gauss(0, 3.5)) % 24
        moved = day + hour / 24
        if step.hops or step.generation or not member.since <= moved <= member.until:
            return step.at + self._chance.uniform(0, 0.002)
        return moved

    def _share(self, step: _Next, account: int, group: int | None, at: float) -> Share:
        return Share(
            content=step.content, variant=step.variant, person=step.person, account=account,
            group=group, to=step.to if step.to >= 0 else None, at=at, forwarded=step.forwarded,
            hops=step.hops, generation=step.generation,
        )  # fmt: skip

    def _private_account(self, one: Person, at: float) -> Account | None:
        used = self._accounts.of(one, AccountKind.FIRST, AccountKind.CHANGED, AccountKind.SECOND)
        return next((a for a in used if a.since <= at <= a.until), None)

    def _passed_on(self, share: Share, rate: float) -> list[_Next]:
        """Who of the group passes a share on, and how."""
        if share.group is None:
            return []
        chance, readers = self._chance, self._readers[share.group]
        found = []
        for _ in range(_poisson(rate, chance) if readers else 0):
            member: Membership = readers.draw(chance)
            if member.person == share.person or not member.since <= share.at <= member.until:
                continue
            forwarded = chance.random() < 0.68
            anew = not forwarded and chance.random() < 0.6
            found.append(
                _Next(
                    at=share.at + chance.lognormvariate(math.log(0.45), 1.6),
                    turn=next(self._turns), person=member.person, content=share.content,
                    variant=next(self._variants) if anew else share.variant, forwarded=forwarded,
                    hops=share.hops + 1 if forwarded else 0,
                    generation=share.generation + anew, came_from=share.group,
                )
            )  # fmt: skip
        return found


class _Wheel:
    """Draws one of many, each as often as its weight says."""

    def __init__(self, things: list, weights: list[float]) -> None:  # type: ignore[type-arg]
        self._things = things
        self._sums = list(accumulate(weights))

    def __bool__(self) -> bool:
        return bool(self._things)

    def draw(self, chance: random.Random):  # type: ignore[no-untyped-def]  # noqa: ANN202 - as given
        """One of the things."""
        return self._things[bisect_left(self._sums, chance.random() * self._sums[-1])]


def _draw(choices: tuple[tuple[float, float], ...], chance: random.Random) -> float:
    return chance.choices([c[0] for c in choices], [c[1] for c in choices])[0]


def _poisson(mean: float, chance: random.Random) -> int:
    """A number of rare events (Knuth's method; means here are below 2)."""
    limit, product, found = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        found += 1
    return found
