"""A content that looks like an entry of a set, and how far that carries.

The expected number of chance matches is that of random bits: the set's fingerprints, times eight
orientations, times the share of pairs of random 256-bit strings that differ in no more bits (a
binomial tail). Bits of real pictures are correlated, so it is a lower bound: docs/formats/hash-sets
has what was measured.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from math import comb

import msgspec
import pyarrow as pa

import clew
from clew.findings.hashsets.known import KnownSet
from clew.records.findings import Tier

NEAR = 31
"""Bits: the distance up to which no two different photographs were found to come."""
REVIEW = 48
"""Bits up to which somebody may look; crops and captions lie here, and chance begins."""
ENOUGH = 50
"""Quality from which a fingerprint tells a picture from others."""
BITS = 256
ORIENTATIONS = ("as_is", "r090", "r180", "r270", "flpx", "flpy", "flpp", "flpm")
IMPLEMENTATION = f"clew {clew.__version__}"


class Hit(msgspec.Struct, kw_only=True, gc=False):
    """One content and one entry; the columns of ``matches`` say what each field means."""

    sha256: str
    set: str
    version: str
    kind: str
    record: str
    algorithm: str
    distance: int
    tier: Tier
    quality: int | None = None
    category: str | None = None
    algorithm_version: str = IMPLEMENTATION
    decode_path: str | None = None
    query_hash: str | None = None
    known_hash: str | None = None
    known_quality: int | None = None
    orientation: str | None = None
    low_quality: bool = False
    simple_graphic: bool = False
    expected_by_chance: float | None = None
    frames_matched: int | None = None
    frames_total: int | None = None
    known_frames_matched: int | None = None
    known_frames_total: int | None = None
    at_ms: tuple[str, ...] = ()
    disputed: int | None = None
    further: int | None = None


@cache
def expected_by_chance(distance: int, fingerprints: int) -> float:
    """Matches at no more than this distance that one picture has in a set of random bits."""
    tail: float = sum(comb(BITS, bits) for bits in range(distance + 1)) / 2**BITS
    return len(ORIENTATIONS) * fingerprints * tail


def shown(one: KnownSet, known: str, asked: str) -> str | None:
    """The set's hash, unless it is restricted and not the file's own."""
    return known if known == asked or not one.restricted else None


def to_table(hits: Iterable[Hit]) -> pa.Table:
    """Hits as a table."""
    held = list(hits)
    columns = {
        name: pa.array([getattr(h, name) for h in held], _TYPES.get(name, pa.string()))
        for name in Hit.__struct_fields__
    }
    return pa.table(columns)


_TYPES = {
    **dict.fromkeys(("distance", "quality", "known_quality", "frames_matched", "frames_total",
                     "known_frames_matched", "known_frames_total", "disputed", "further"),
                    pa.int64()),
    **dict.fromkeys(("low_quality", "simple_graphic"), pa.bool_()),
    "expected_by_chance": pa.float64(),
    "at_ms": pa.list_(pa.string()),
}  # fmt: skip
