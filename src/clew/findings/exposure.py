"""Each person's first share of a content, with what is known of whether it had been seen before.

A person who had the content in front of them in another group before they posted it most likely
passed it on; one who had not may have brought it in. Which of the two it was shows on seized
phones with a full history; for everybody else it shows only in what other people's phones saw. So
every figure of a first share rests on other people's devices alone, the holders' figures too:
what is learned from holders holds for others only if it was learned on the same evidence.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

_DAY = 86_400.0
FEATURES = ("forwarded", "hops", "exposed", "exposed_lately", "earliest", "rank", "gap", "groups",
            "private", "known", "sharers")  # fmt: skip
"""Figures of a first share by itself, in the order in which the model takes them."""
_Share = dict[str, Any]
_Stay = tuple[str, float, float]
"""Exhibit that shows somebody in a group, and from when to when, in seconds since 1970."""


class First(msgspec.Struct, frozen=True):
    """A person's first share of a content."""

    cluster: str
    person: str
    share: dict[str, Any]
    rank: int
    """How many persons shared it before."""
    features: tuple[float, ...]
    holder: bool
    """The person's own phone is among the exhibits."""
    complete: bool
    """That phone kept its groups' history from well before the share."""
    seen_here: bool
    """That phone shows the content coming in earlier."""
    visible: bool
    """Other people's devices show the share."""
    earlier: int
    """Other people whose devices show somebody's earlier share."""
    sharers: int
    """Persons who are known to have shared it, this one among them."""

    def figure(self, name: str) -> float:
        """One of the figures."""
        return self.features[FEATURES.index(name)]


class Exposure:
    """What the exhibits show of who was in which group, and what each phone kept."""

    def __init__(
        self,
        members: list[dict[str, Any]],
        records: list[dict[str, Any]],
        holders: list[dict[str, Any]],
    ) -> None:
        self._own: dict[str, frozenset[str]] = {
            row["person_id"]: frozenset(row["is_owner_of"]) for row in holders
        }
        self._holder = {exhibit: person for person, own in self._own.items() for exhibit in own}
        self._of: dict[str, dict[str, list[_Stay]]] = defaultdict(dict)
        for row in members:
            joined = -math.inf if row["joined_us"] is None else row["joined_us"] / 1e6
            ended = math.inf if row["ended_us"] is None else row["ended_us"] / 1e6
            stays = self._of[row["person_id"]].setdefault(row["chat_id"], [])
            stays.append((row["exhibit_id"], joined, ended))
        self._begins = {(r["exhibit_id"], r["chat_id"]): r["begins_us"] / 1e6 for r in records}

    def witnesses(self, share: _Share) -> int:
        """How many people's devices show a share."""
        return len(self._people(share["witnesses"]))

    def firsts(self, shares: list[dict[str, Any]]) -> Iterator[First]:
        """The first share of each person, of shares of one content in the order of time."""
        sharers = {share["person_id"] for share in shares}
        seen: set[str] = set()
        for number, share in enumerate(shares):
            if share["person_id"] not in seen:
                yield self._first(share, shares[:number], len(seen), self._shown(share, shares),
                                  len(sharers))  # fmt: skip
                seen.add(share["person_id"])

    def _first(
        self, share: _Share, before: list[_Share], rank: int, shown: int, sharers: int
    ) -> First:
        person, at = share["person_id"], share["at_us"] / 1e6
        own, groups = self._own.get(person, frozenset()), self._of.get(person, {})
        others = [b for b in before if b["person_id"] != person]
        known = [b for b in others if not own.issuperset(b["witnesses"])]
        lag = min((at - b["at_us"] / 1e6 for b in known if _inside(groups, b, own)),
                  default=math.inf)  # fmt: skip
        last = max((b["at_us"] / 1e6 for b in known), default=None)
        return First(
            cluster=share["cluster_id"],
            person=person,
            share=share,
            rank=rank,
            features=(
                float(share["forwarded"]),
                share["hops"] / 5,
                float(lag < math.inf),
                1 / (1 + lag / (_DAY / 2)),
                float(not known),
                math.log1p(len({b["person_id"] for b in known})),
                0.0 if last is None else math.log1p((at - last) / 3600),
                math.log1p(sum(any(e not in own for e, *_ in s) for s in groups.values())),
                float(share["private"]),
                float(share["known"]),
                math.log1p(shown),
            ),
            holder=bool(own),
            complete=self._complete(own, groups, at),
            seen_here=any(not own.isdisjoint(b["witnesses"]) for b in others),
            visible=not own.issuperset(share["witnesses"]),
            earlier=len(self._people(e for b in known for e in b["witnesses"]) - {person}),
            sharers=sharers,
        )

    def _shown(self, share: _Share, shares: list[_Share]) -> int:
        """Persons who shared it, as other people's devices show."""
        own = self._own.get(share["person_id"])
        return len(
            {s["person_id"] for s in shares if not own or not own.issuperset(s["witnesses"])}
        )

    def _people(self, exhibits: Iterable[str]) -> set[str]:
        """Whose the exhibits are; one of nobody known stands for itself."""
        return {self._holder.get(exhibit, exhibit) for exhibit in exhibits}

    def _complete(self, own: frozenset[str], groups: dict[str, list[_Stay]], at: float) -> bool:
        """Whether the person's own phones kept every group of the time from two months before."""
        kept = 0
        for chat, stays in groups.items():
            for exhibit, joined, ended in stays:
                if exhibit not in own or not joined <= at <= ended:
                    continue
                needed = max(joined, at - 60 * _DAY) + 20 * _DAY
                if self._begins.get((exhibit, chat), math.inf) > needed:
                    return False
                kept += 1
        return kept > 0


def _inside(groups: dict[str, list[_Stay]], earlier: _Share, own: frozenset[str]) -> bool:
    """Whether other devices show somebody in the group of an earlier share when it was sent."""
    when = earlier["at_us"] / 1e6
    return any(
        joined - _DAY <= when <= ended and exhibit not in own
        for exhibit, joined, ended in groups.get(earlier["chat_id"], ())
    )
