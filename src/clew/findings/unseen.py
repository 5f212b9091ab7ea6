"""How much of what was shared no seized device saw, estimated from what few of them saw.

What one person's devices saw, and no other's, stands for what nobody's did: the estimates are those
of capture and recapture, as for species (Chao 1987, doi 10.2307/2531532; Good 1953, doi
10.1093/biomet/40.3-4.237). They need no figure from outside the case. A lower bound stays a lower
bound: groups in which no device was seized count as far as other groups stand for them.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate

import numpy as np

from clew.findings.exposure import First
from clew.findings.logistic import Numbers, Prior, chance, fitted

_LEAST, _MOST = 0.001, 0.95
"""Bounds of a chance that something is unseen: a case never shows more certainty than that."""
_LIKELY = 0.5
_YOUNGEST = 1e-4


def seen_part(witnesses: Iterable[int]) -> float:
    """Part of all shares that the devices show, of how many people's devices show each that is.

    Chao's estimator in its form without bias; 0 to 1.
    """
    counts = Counter(witnesses)
    seen = sum(counts.values())
    unseen = counts[1] * (counts[1] - 1) / 2 / (counts[2] + 1)
    return seen / (seen + unseen) if seen else 0.0


class Unseen:
    """The chance that a content was brought in before its earliest known introduction."""

    def __init__(self, witnesses: Iterable[int], founded: Iterable[float]) -> None:
        """Of each share, how many people's devices show it; of each group, when it began, in us."""
        self._seen = seen_part(witnesses)
        self._founded = sorted(founded)
        self._sums = [0.0, *accumulate(self._founded)]
        self._weights, self._whole = np.array([np.log(_LEAST), 0.0, 0.0, 0.0]), 1.0

    def learn(self, firsts: Sequence[First], introduced: Numbers) -> None:
        """Learn how often just one person's devices show a content before it was brought in.

        Half a case of each kind is added, so that what was never seen is not called impossible.
        """
        self._whole = max(1.0, *(self._age(f.share["at_us"]) for f in firsts))
        likely = np.array([not f.share["forwarded"] and f.earlier <= 1 for f in firsts])
        use = likely & (introduced > _LIKELY)
        if not use.any():
            return
        figures = self._figures(firsts)[use]
        middle = figures.mean(axis=0)
        self._weights = fitted(
            np.vstack([figures, middle, middle]),
            np.concatenate([[f.earlier == 1 for f, used in zip(firsts, use, strict=True) if used],
                            [1, 0]]).astype(np.float64),
            Prior(np.zeros(4), np.array([0.0, 1.0, 1.0, 1.0])),
            np.concatenate([introduced[use], [0.5, 0.5]]),
        )  # fmt: skip

    def chances(self, firsts: Sequence[First]) -> Numbers:
        """Chance for each that somebody brought the content in before, and no device shows it."""
        once = chance(self._figures(firsts) @ self._weights[1:] + self._weights[0])
        odds = once / (1 - once) * (1 - self._seen) / max(self._seen, _LEAST)
        return np.clip(odds, _LEAST, _MOST)

    def figures(self) -> dict[str, float]:
        """The part seen, and the coefficients of an earlier sighting by one person's devices."""
        names = ("start", "age", "later_sharers", "known")
        return {"seen_part": self._seen} | dict(zip(names, self._weights.tolist(), strict=True))

    def _figures(self, firsts: Sequence[First]) -> Numbers:
        ages = np.array([self._age(f.share["at_us"]) for f in firsts])
        return np.column_stack([
            np.log(np.maximum(ages / self._whole, _YOUNGEST)),
            np.log1p([f.sharers - f.rank - 1 for f in firsts]),
            np.array([float(f.share["known"]) for f in firsts]),
        ])  # fmt: skip

    def _age(self, at: float) -> float:
        """How long all known groups together had been there by a time."""
        groups = bisect_left(self._founded, at)
        return groups * at - self._sums[groups]
