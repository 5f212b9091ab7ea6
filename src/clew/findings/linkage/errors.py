"""How often inferred links of some odds were wrong: observed on a calibration set, never derived.

The odds rest on declared coefficients (``odds``). What stands in ``errors.toml`` was counted on
generated operations, whose truth is known, each with coefficients from the others
(``bench/network.py calibrate``). It ranks links; it is no field error rate.
"""

import tomllib
from functools import cache
from importlib import resources

import msgspec

from clew.records import LinkageError, LinkStrength

TAKEN = 0.2
"""Links whose like were wrong no more often than this are taken."""
MOSTLY_WRONG = 0.5
"""Links whose like were wrong more often than this are not even offered to an analyst."""
_LEAST = 0.01
"""No lower error is stated: the calibration set is too small to show one."""
_STRENGTHS = tuple(zip((0.02, 0.05, 0.10, 0.35, 1.0), LinkStrength, strict=True))
"""The most that links of each strength are wrong, the strongest first."""


@cache
def observed() -> tuple[LinkageError, ...]:
    """The observations, from the lightest links to the heaviest; the error never rises."""
    text = resources.files("clew.findings.linkage").joinpath("errors.toml").read_text("utf-8")
    found = tomllib.loads(text)
    kinds = {"calibrated_on": found["calibrated_on"]}
    return tuple(msgspec.convert(band | kinds, LinkageError) for band in found["band"])


def error_of(odds: float) -> float:
    """How often links of these odds were wrong, given as their logarithm to base 2."""
    fitting = [band for band in observed() if band.from_bits <= odds]
    return fitting[-1].error if fitting else observed()[0].error


def strength_of(error: float) -> LinkStrength:
    """The same as a word."""
    return next(strength for most, strength in _STRENGTHS if error <= most)


def calibrated(links: list[tuple[float, bool]], edges: tuple[float, ...]) -> list[dict[str, float]]:
    """Bands of odds with the errors counted in them; bands are pooled until the error falls.

    ``links`` are pairs of odds and whether the link is right (pool adjacent violators,
    Ayer and others 1955, doi 10.1214/aoms/1177728423).
    """
    bands: list[list[float]] = []
    for low, high in zip(edges, (*edges[1:], float("inf")), strict=True):
        here = [right for bits, right in links if low <= bits < high]
        bands.append([low, len(here), sum(not right for right in here)])
        while len(bands) > 1 and _rising(*bands[-2:]):
            _, more, wrong = bands.pop()
            bands[-1][1] += more
            bands[-1][2] += wrong
    return [_band(*band) for band in bands]


def _band(low: float, links: float, wrong: float) -> dict[str, float]:
    error = round(max(_part([low, links, wrong]), _LEAST), 3)
    return {"from_bits": low, "links": int(links), "wrong": int(wrong), "error": error}


def _rising(before: list[float], band: list[float]) -> bool:
    """The error does not fall, or one of the two says nothing."""
    return not (before[1] and band[1]) or _part(band) >= _part(before)


def _part(band: list[float]) -> float:
    return band[2] / band[1] if band[1] else 1.0
