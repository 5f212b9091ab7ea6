"""Each person's first share of a content, with what is known of whether it had been seen before.

A person who had the content in front of them in another group before they posted it most likely
passed it on; one who had not may have brought it in. Which of the two it was shows on seized
phones with a full history; for everybody else it shows only in what other people's phones saw.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec

_DAY = 86_400.0
FEATURES = ("forwarded", "hops", "exposed", "exposed_lately", "earliest", "rank", "gap", "groups",
            "private", "known", "sharers")  # fmt: skip
"""Figures of a first share, in the order in which the model takes them."""


class First(msgspec.Struct, frozen=True):
    """A person's first share of a content."""

    cluster: str
    person: str
    share: dict[str, Any]
    place: int
    features: tuple[float, ...]
    holder: bool
    """The person's own phone is among the exhibits."""
    complete: bool
    """That phone kept its groups' history from well before the share."""
    seen_here: bool
    """That phone shows the content coming in earlier."""


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
        self._of: dict[str, dict[str, list[tuple[str, float, float]]]] = defaultdict(dict)
        for row in members:
            joined = -math.inf if row["joined_us"] is None else row["joined_us"] / 1e6
            ended = math.inf if row["ended_us"] is None else row["ended_us"] / 1e6
            told = self._of[row["person_id"]].setdefault(row["chat_id"], [])
            told.append((row["exhibit_id"], joined, ended))
        self._begins = {(r["exhibit_id"], r["chat_id"]): r["begins_us"] / 1e6 for r in records}

    def firsts(self, shares: list[dict[str, Any]]) -> Iterator[First]:
        """The first share of each person, of shares of one content in the order of time."""
        persons = len({s["person_id"] for s in shares})
        seen: set[str] = set()
        for place, share in enumerate(shares):
            if share["person_id"] not in seen:
                seen.add(share["person_id"])
                yield self._first(share, shares[:place], len(seen) - 1, persons)

    def _first(
        self, share: dict[str, Any], before: list[dict[str, Any]], rank: int, persons: int
    ) -> First:
        person, at = share["person_id"], share["at_us"] / 1e6
        own = self._own.get(person, frozenset())
        groups = self._of.get(person, {})
        seen_here, lag = False, math.inf
        for earlier in (b for b in before if b["person_id"] != person):
            holding = set(earlier["witnesses"])
            seen_here |= bool(holding & own)
            when = earlier["at_us"] / 1e6
            inside = any(
                joined - _DAY <= when <= ended
                for exhibit, joined, ended in groups.get(earlier["chat_id"], ())
                if exhibit not in own
            )
            if inside and holding - own:
                lag = min(lag, at - when)
        others = sum(any(e not in own for e, *_ in told) for told in groups.values())
        last = max((b["at_us"] / 1e6 for b in before), default=None)
        return First(
            cluster=share["cluster_id"],
            person=person,
            share=share,
            place=rank,
            features=(
                float(share["forwarded"]),
                share["hops"] / 5,
                float(lag < math.inf),
                1 / (1 + lag / (_DAY / 2)),
                float(not before),
                math.log1p(rank),
                0.0 if last is None else math.log1p((at - last) / 3600),
                math.log1p(others),
                float(share["private"]),
                float(share["known"]),
                math.log1p(persons),
            ),
            holder=bool(own),
            complete=self._complete(own, groups, at),
            seen_here=seen_here,
        )

    def _complete(
        self, own: frozenset[str], groups: dict[str, list[tuple[str, float, float]]], at: float
    ) -> bool:
        """Whether the person's own phones kept every group of the time from two months before."""
        kept = 0
        for chat, told in groups.items():
            for exhibit, joined, ended in told:
                if exhibit not in own or not joined <= at <= ended:
                    continue
                needed = max(joined, at - 60 * _DAY) + 20 * _DAY
                if self._begins.get((exhibit, chat), math.inf) > needed:
                    return False
                kept += 1
        return kept > 0
