"""Groups that follow one another: closed and created again, moved, or kept in parallel.

The reasons are the people (containment, and how far beyond chance), the dates and the titles, each
with its figure. Overlap is exact, over persons and not accounts, since hidden ids and new numbers
would hide it. Where few people make up all groups no overlap is many times that of chance; there
the exact tail of the hypergeometric distribution (Fisher's test) over those who were there when the
one ended and the other began tells a handover from chance.
"""

import difflib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from clew.casefile import Context
from clew.findings.linkage.names import folded
from clew.records import GroupLineage, LineageEvent, LineageKind
from clew.schema import Id, replace, table_part

_CONTAINMENT, _LIFT, _FEWEST = 0.2, 6.0, 3
_OVERLAP, _GAP = -6.0, 40.0
"""Days by which a later group may begin before the earlier ends, and after."""
_TOGETHER = 20.0
"""Days that parallel groups live beside each other at least."""
_PARALLEL_CONTAINMENT = 0.4
_MOST = 0.5
"""Part of the smaller group from which on a small lift will do, if chance is excluded."""
_CHANCE, _CHANCE_WITH_TITLE, _SAME_TITLE, _SOON = 0.001, 0.05, 0.9, 14.0
"""Chance that is excluded, by the people alone and where the title and days between say so too."""
_LEAST_STRENGTH = 0.4
"""Of the strongest group before: below, no group before is as likely."""
_SAME_SIZE = 0.25
_ENDINGS = re.compile(r"(?:[\W_]+|\s*\d+|\s+(?:v\d+|backup|bis|copia|nuevo|novo|nuovo|neu|new|b))$")


class _Pair(msgspec.Struct, frozen=True):
    """Two groups in the order of time, with what ties them."""

    row: dict[str, Any]
    gap: float
    lift: float
    similarity: float

    @property
    def chance(self) -> float:
        """How often chance hands over as many persons from a group to one of these sizes."""
        row = self.row
        return chance_of(row["handed_over"], row["at_end"], row["at_start"], row["everybody"])

    @property
    def is_handover(self) -> bool:
        """No chance explains the overlap: many times what it would give, or hardly ever so much."""
        if self.lift >= _LIFT:
            return True
        named_alike = self.similarity >= _SAME_TITLE and abs(self.gap) <= _SOON
        most = _CHANCE_WITH_TITLE if named_alike else _CHANCE
        return bool(self.row["containment"] >= _MOST) and self.chance <= most

    @property
    def is_kept_beside(self) -> bool:
        """The overlap is many times that of chance; or among few people, and the titles are one."""
        named_alike = self.similarity >= _SAME_TITLE and self.row["containment"] >= _MOST
        return self.lift >= _LIFT or named_alike

    @property
    def likeness(self) -> float:
        """One figure of members and titles to choose the best of several by; no probability."""
        return float(self.row["containment"]) + 0.3 * self.similarity

    @property
    def strength(self) -> float:
        """The same less a hundredth for each day between, to tell a handover; no probability."""
        return self.likeness - abs(self.gap) / 100


def lineage(context: Context) -> None:
    """Find groups that take up where others ended, and groups kept in parallel."""
    pairs = list(_pairs(context.rows("lineage")))
    found = [*_successions(pairs), *_parallels(pairs)]
    found.sort(key=lambda g: (g.later, g.earlier))
    context.publish(table_part(GroupLineage, found))


def _pairs(rows: Iterable[dict[str, Any]]) -> Iterator[_Pair]:
    for row in rows:
        expected = row["members_a"] * row["members_b"] / max(row["everybody"], 1)
        yield _Pair(
            row=row,
            gap=_days(row["ends_a"], row["begins_b"]),
            lift=row["shared_members"] / max(expected, 1e-9),
            similarity=title_similarity(row["subject_a"], row["subject_b"]),
        )


def _successions(pairs: list[_Pair]) -> Iterator[GroupLineage]:
    fit = [
        p
        for p in pairs
        if _OVERLAP <= p.gap <= _GAP and p.row["containment"] >= _CONTAINMENT and p.is_handover
    ]
    best: dict[str, _Pair] = {}
    for pair in sorted(fit, key=lambda p: (p.strength, p.row["chat_a"])):
        best[pair.row["chat_b"]] = pair
    best = {later: pair for later, pair in best.items() if pair.strength >= _LEAST_STRENGTH}
    fit = [pair for pair in fit if pair.row["chat_b"] in best]
    following = Counter(p.row["chat_a"] for p in best.values())
    before: defaultdict[str, int] = defaultdict(int)
    for pair in fit:  # several strong ones that themselves do not follow each other
        before[pair.row["chat_b"]] += pair.row["containment"] >= 2 * _CONTAINMENT
    for pair in fit:
        found = _row(pair, LineageKind.SUCCESSION, best=best[pair.row["chat_b"]] is pair)
        event = _event(pair, following[pair.row["chat_a"]], before[pair.row["chat_b"]])
        yield replace(found, event=event)


def _parallels(pairs: list[_Pair]) -> Iterator[GroupLineage]:
    """Groups that live side by side: each group's strongest one."""
    fit = [
        p
        for p in pairs
        if p.gap < _OVERLAP
        and _days(max(p.row["begins_a"], p.row["begins_b"]), min(p.row["ends_a"], p.row["ends_b"]))
        >= _TOGETHER
        and p.row["containment"] >= _PARALLEL_CONTAINMENT
        and p.is_kept_beside
    ]
    best: dict[str, _Pair] = {}
    for pair in sorted(fit, key=lambda p: (p.likeness, p.row["chat_a"])):
        best[pair.row["chat_b"]] = pair
    for pair in fit:
        yield _row(pair, LineageKind.PARALLEL, best=best[pair.row["chat_b"]] is pair)


def _row(pair: _Pair, kind: LineageKind, *, best: bool) -> GroupLineage:
    row = pair.row
    return GroupLineage(
        earlier=Id(row["chat_a"]),
        later=Id(row["chat_b"]),
        kind=kind,
        best=best,
        shared_members=row["shared_members"],
        containment=row["containment"],
        lift=round(pair.lift, 2),
        handed_over=row["handed_over"],
        expected=round(row["at_end"] * row["at_start"] / max(row["everybody"], 1), 2),
        chance=float(f"{pair.chance:.3g}"),
        gap_days=round(pair.gap, 2),
        title_similarity=round(pair.similarity, 3),
        moved_platform=row["platform_a"] != row["platform_b"],
    )


def _event(pair: _Pair, following: int, before: int) -> LineageEvent:
    if following > 1:
        return LineageEvent.SPLIT
    if before > 1:
        return LineageEvent.MERGE
    change = pair.row["members_b"] / max(pair.row["members_a"], 1) - 1
    if abs(change) <= _SAME_SIZE:
        return LineageEvent.CONTINUE
    return LineageEvent.GROW if change > 0 else LineageEvent.SHRINK


def chance_of(shared: int, one: int, other: int, everybody: int) -> float:
    """How often two groups drawn at random from everybody share as many: a hypergeometric tail.

    >>> round(chance_of(2, 2, 2, 4), 4), chance_of(0, 3, 2, 9)
    (0.1667, 1.0)
    """
    if not shared:
        return 1.0
    ways = sum(
        math.comb(one, n) * math.comb(everybody - one, other - n)
        for n in range(shared, min(one, other) + 1)
        if other - n <= everybody - one
    )
    return ways / math.comb(everybody, other)


def title_similarity(one: str | None, other: str | None) -> float:
    """How alike two titles are, from 0 to 1; 0 where one has none.

    >>> title_similarity("Taller Norte", "TALLER NORTE 2")
    1.0
    """
    a, b = _plain(one), _plain(other)
    return difflib.SequenceMatcher(None, a, b).ratio() if a and b else 0.0


def _plain(title: str | None) -> str:
    text = folded(title or "")
    shorter = _ENDINGS.sub("", text)
    while shorter != text:
        text, shorter = shorter, _ENDINGS.sub("", shorter)
    return text


def _days(begin: datetime, end: datetime) -> float:
    return (end - begin).total_seconds() / 86_400
