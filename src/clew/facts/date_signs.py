"""Which order of day, month and year follows from signs that speak for one or another.

Signs are those in a file (its reader finds them) and those beside it (the findings do). A proof
outranks the rest; of what is left an order must have something better than a weak sign, or weak
ones of two kinds, and nothing nearly as good against it.
"""

from collections.abc import Iterable

import msgspec

from clew.records import DateOrder, DateVoteKind, DateWeight

_RANKS = {DateWeight.WEAK: 1, DateWeight.HABIT: 2, DateWeight.STRONG: 3, DateWeight.PROOF: 4}
_ENOUGH = 2
_AHEAD = 2
"""Ranks by which an order must be ahead of another for which anything speaks."""


class Sign(msgspec.Struct, frozen=True):
    """What one kind of sign says: how many there are for each order."""

    kind: DateVoteKind
    weight: DateWeight
    day_first: int
    month_first: int
    year_first: int = 0


def decided(signs: Iterable[Sign]) -> DateOrder:
    """Order that the signs decide; ``ambiguous`` where they don't, or contradict each other."""
    kinds: dict[DateOrder, list[DateWeight]] = {DateOrder.DMY: [], DateOrder.MDY: [],
                                                DateOrder.YMD: []}  # fmt: skip
    for sign in signs:
        counts = (sign.day_first, sign.month_first, sign.year_first)
        for order, count in zip(kinds, counts, strict=True):
            kinds[order] += [sign.weight] if count else []
    ranks = {order: _rank(weights) for order, weights in kinds.items()}
    first, second, _ = sorted(ranks, key=lambda order: -ranks[order])
    ahead = ranks[first] - ranks[second] >= _AHEAD or not ranks[second]
    return first if ranks[first] >= _ENOUGH and ahead else DateOrder.AMBIGUOUS


def _rank(weights: list[DateWeight]) -> int:
    """Rank of the best of these; weak ones of two kinds are worth a habit."""
    best = max((_RANKS[weight] for weight in weights), default=0)
    return min(len(weights), _ENOUGH) if best == _RANKS[DateWeight.WEAK] else best
