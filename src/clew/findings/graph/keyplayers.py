"""Sets of persons that matter most to the shape of a network: whom to ask about next.

Two questions of Borgatti, "Identifying sets of key players in a social network" (2006,
doi 10.1007/s10588-006-7084-x). Without whom does it fall apart (KPP-neg: distance-weighted
fragmentation, equation 9 there), and who together are nearest to everybody (KPP-pos: distance-
weighted reach, equation 14)? The best set is not the set of the best: a greedy search fills it,
and then members are swapped while that helps. Persons who matter to both questions may well be
central; that a person is in a set says nothing of what the person did.
"""

import math
from collections.abc import Callable, Iterable

import msgspec
import numpy as np

from clew.findings.graph.ties import SEED, WORD, Numbers, Ties

SIZE = 10
"""Persons in a set, if nothing else is asked for."""
_MOST_CANDIDATES, _FEWEST_CANDIDATES = 120, 12
_EFFORT = 500_000_000
"""Words of bits that a search may move: some ten seconds."""
_EXACT_EFFORT = 400_000_000
"""The same for one exact figure."""
_LEAST_COST = 200_000
"""What any figure costs, however small the graph."""
_LEVELS = 6
"""Distances that a search goes through as a rule: small worlds are no deeper."""
_SEARCH_STARTS, _REPORTED_STARTS = 256, 1024
_RISK = 0.1
_BETTER = 1e-9
_BEGINNINGS = 16

Value = Callable[[tuple[int, ...]], float]


class Chosen(msgspec.Struct, frozen=True):
    """A member of a set, in the order in which each adds most to those before."""

    node: int
    before: float
    after: float
    candidates: int
    starts: int
    error: float


class Fragmentation:
    """How far apart the rest is without some nodes: 1 - mean of 1 over the distance of two."""

    def __init__(self, ties: Ties, starts: Numbers) -> None:
        self._ties, self._starts = ties, starts

    def __call__(self, gone: tuple[int, ...]) -> float:
        """Its value, from 0 where all are one step apart to 1 where nobody reaches anybody."""
        away = np.zeros(len(self._ties.names), dtype=bool)
        away[list(gone)] = True
        sources = self._starts[~away[self._starts]]
        rest = self._ties.counted - len(gone)
        if rest <= 1 or not len(sources):
            return 1.0
        near = 0.0
        for part in self._ties.portions(sources):
            for distance, fresh in self._ties.levels(part, away):
                near += int(np.bitwise_count(fresh).sum()) / distance
        return 1 - near / (len(sources) * (rest - 1))


class Reach:
    """How near everybody is to a set: mean of 1 over the distance, 1 for the set itself."""

    def __init__(self, ties: Ties, candidates: Numbers) -> None:
        self._row = {int(node): at for at, node in enumerate(candidates)}
        self._near = np.zeros((len(candidates), ties.counted), dtype=np.float32)
        for start in range(0, len(candidates), WORD):
            sources = candidates[start : start + WORD]
            for distance, fresh in ties.levels(sources):
                byte = fresh.astype("<u8").view(np.uint8)
                bits = np.unpackbits(byte, axis=1, bitorder="little")[:, : len(sources)]
                self._near[start : start + WORD] += bits.T.astype(np.float32) / distance
        self._near[np.arange(len(candidates)), candidates] = 1.0

    def __call__(self, chosen: tuple[int, ...]) -> float:
        """Its value, from 0 to 1."""
        if not chosen:
            return 0.0
        near = self._near[[self._row[node] for node in chosen]].max(axis=0)
        return float(near.mean(dtype=np.float64))

    def reached(self, chosen: tuple[int, ...]) -> int:
        """Nodes outside the set that are one step from it."""
        near = self._near[[self._row[node] for node in chosen]].max(axis=0)
        return int((near == 1).sum()) - len(chosen)


def holds_together(
    ties: Ties, size: int = SIZE, first: Iterable[str] = (), effort: int = _EFFORT
) -> list[Chosen]:
    """The set without which the rest is most fragmented (KPP-neg)."""
    searched = _starts(ties, _SEARCH_STARTS)
    cost = _cost(ties, len(searched))
    tries = max(_FEWEST_CANDIDATES * size, effort // cost)
    candidates = candidates_of(ties, min(_MOST_CANDIDATES, tries // (2 * size)), first)
    rough = Fragmentation(ties, searched)
    found = _ordered(rough, search(rough, candidates, size, tries))
    exact = _cost(ties, ties.counted) <= _EXACT_EFFORT
    starts = np.arange(ties.counted) if exact else _starts(ties, _REPORTED_STARTS)
    # Hoeffding's bound for a mean of values between 0 and 1
    off = round(math.sqrt(math.log(2 / _RISK) / (2 * max(len(starts), 1))), 4)
    error = 0.0 if len(starts) == ties.counted else off
    return _chosen(Fragmentation(ties, starts), found, len(candidates), len(starts), error)


def reaches(ties: Ties, size: int = SIZE, first: Iterable[str] = ()) -> tuple[list[Chosen], Reach]:
    """The set that together is nearest to everybody (KPP-pos), and how near each candidate is."""
    candidates = candidates_of(ties, _MOST_CANDIDATES, first)
    near = Reach(ties, candidates)
    found = _ordered(near, search(near, candidates, size, 10 * size * len(candidates)))
    return _chosen(near, found, len(candidates), ties.counted, 0.0), near


def search(value: Value, candidates: Numbers, size: int, tries: int) -> tuple[int, ...]:
    """The best set found: filled greedily, then swapped while that helps.

    It is begun anew from the next best single nodes while tries are left, since a greedy beginning
    may lead to a set that no single swap betters and that is not the best.
    """
    counted = _Counted(value, tries)
    rest = [int(c) for c in candidates]
    singles = sorted(rest, key=lambda c: (-counted((c,)), c))
    best: tuple[float, tuple[int, ...]] = (-1.0, ())
    for first in singles[:_BEGINNINGS]:
        if best[1] and counted.left <= 0:
            break
        found = _swapped(counted, rest, _filled(counted, rest, size, first))
        best = max(best, found, key=lambda b: b[0])
    return best[1]


class _Counted:
    """A value that keeps count of how often it was asked for."""

    def __init__(self, value: Value, tries: int) -> None:
        self._value, self.left = value, tries

    def __call__(self, chosen: tuple[int, ...]) -> float:
        self.left -= 1
        return self._value(chosen)


def _filled(value: Value, candidates: list[int], size: int, first: int) -> tuple[int, ...]:
    """A set in which each member was the best to add to those before."""
    chosen: tuple[int, ...] = (first,)
    while len(chosen) < min(size, len(candidates)):
        rest = [c for c in candidates if c not in chosen]
        _, into = max((value((*chosen, c)), -c) for c in rest)
        chosen = (*chosen, -into)
    return chosen


def _swapped(
    value: _Counted, candidates: list[int], chosen: tuple[int, ...]
) -> tuple[float, tuple[int, ...]]:
    """A set that no swap of one member for another betters, as far as tries reach."""
    best, improved = value(chosen), True
    while improved:
        improved = False
        for out in chosen:
            kept = tuple(c for c in chosen if c != out)
            rest = [c for c in candidates if c not in chosen]
            if value.left < len(rest):
                return best, chosen
            score, into = max(((value((*kept, c)), -c) for c in rest), default=(best, 0))
            if score > best + _BETTER:
                chosen, best, improved = (*kept, -into), score, True
    return best, chosen


def candidates_of(ties: Ties, most: int, first: Iterable[str] = ()) -> Numbers:
    """Counted nodes worth trying: half of those named ``first``, the rest by their ties.

    Of equal number those whose ties lead to more.
    """
    degree = ties.degrees
    further = np.add.reduceat(
        np.append(degree[ties.neighbours], 0), np.minimum(ties.starts[:-1], len(ties.neighbours))
    )
    order = np.lexsort((np.arange(ties.counted), -further[: ties.counted], -degree[: ties.counted]))
    at = {name: number for number, name in enumerate(ties.names[: ties.counted])}
    wanted = [at[name] for name in first if name in at][: most // 2]
    chosen = list(dict.fromkeys([*wanted, *order[: 2 * most].tolist()]))[:most]
    return np.array(sorted(chosen), dtype=np.int64)


def _ordered(value: Value, chosen: tuple[int, ...]) -> tuple[int, ...]:
    """A set in the order in which each adds most to those before."""
    taken: tuple[int, ...] = ()
    while left := [c for c in chosen if c not in taken]:
        _, node = max((value((*taken, c)), -c) for c in left)
        taken = (*taken, -node)
    return taken


def _chosen(
    value: Value, chosen: tuple[int, ...], candidates: int, starts: int, error: float
) -> list[Chosen]:
    figures = [value(chosen[:number]) for number in range(len(chosen) + 1)]
    return [
        Chosen(node, before, after, candidates, starts, error)
        for node, before, after in zip(chosen, figures, figures[1:], strict=False)
    ]


def _starts(ties: Ties, most: int) -> Numbers:
    if ties.counted <= most:
        return np.arange(ties.counted)
    chance = np.random.default_rng(SEED)
    return np.sort(chance.choice(ties.counted, most, replace=False))


def _cost(ties: Ties, starts: int) -> int:
    words = (starts + WORD - 1) // WORD
    return max(_LEAST_COST, len(ties.neighbours) * words * _LEVELS)
