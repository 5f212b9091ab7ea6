"""How many entries of a set come near a picture that shows something else: measured, not derived.

A fingerprint has 256 bits, and if they were thrown like coins no two pictures would ever come near.
They are not, so the figure of a match is that of a measurement: pairs of public pictures of
different things, each pair in all eight orientations (``chance.toml``, ``bench/chance.py``). Where
none of them came so near, nothing but a bound can be reported.
"""

import tomllib
from functools import cache
from importlib import resources
from math import exp, lgamma, log

import msgspec

_SURE = 0.95
_STEPS = 64
"""Halvings of an interval: as many as a number has digits to tell apart."""


class Measured(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Pairs of one kind of pictures, and how many of them came near."""

    measured_on: str
    """What pictures."""
    pictures: int
    """How many."""
    pairs: int
    """Pairs of different ones that were compared, each in eight orientations."""
    within: tuple[tuple[int, int], ...]
    """Bits, and pairs that came within so many; bits rise."""

    def near(self, distance: int) -> int | None:
        """Pairs within the next distance that was measured; None beyond the last."""
        return next((pairs for bits, pairs in self.within if bits >= distance), None)


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A measurement of how often pictures of different things come near each other."""

    version: str
    ordinary: Measured
    """Pairs of pictures with enough in them to be distinguished."""
    flagged: Measured
    """Pairs of which at least one is a simple graphic, or of a quality under 50."""


class Chance(msgspec.Struct, frozen=True):
    """Entries of a set that are to be expected this near a file by chance."""

    expected: float
    """By the rate that was seen; where none was seen, the bound."""
    at_most: float
    """What the true figure stays under, with a confidence of 95 %."""


@cache
def table() -> Table:
    """The table beside this code."""
    text = resources.files("clew.findings.perceptual").joinpath("chance.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Table)


def chance(distance: int, asked: int, *, flagged: bool) -> Chance | None:
    """What is to be expected of so many comparisons; None beyond what was measured.

    ``asked`` is the fingerprints of the set, times those of the file. Pairs that share a picture
    are counted as if they did not, which makes the bound narrower than it should be.
    """
    measured = table().flagged if flagged else table().ordinary
    near = measured.near(distance)
    if near is None:
        return None
    most = bound(near)
    return Chance(asked * (near or most) / measured.pairs, asked * most / measured.pairs)


@cache
def bound(seen: int) -> float:
    """What the mean of a rare event stays under when it was seen so often (95 %, one-sided).

    For none it is 3.0, the rule of three; else the limit of Garwood (1936).
    """
    low, high = seen + 1e-9, 2.0 * seen + 10
    for _ in range(_STEPS):
        mean = (low + high) / 2
        # probability that an event with this mean is seen no more often (Poisson)
        tail = sum(exp(n * log(mean) - mean - lgamma(n + 1)) for n in range(seen + 1))
        low, high = (mean, high) if tail > 1 - _SURE else (low, mean)
    return high
