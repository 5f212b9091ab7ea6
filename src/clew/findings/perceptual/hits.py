"""A content that looks like an entry of a set, and how far that carries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import pyarrow as pa

import clew
from clew.findings.hashsets.known import KnownSet
from clew.findings.perceptual.chance import chance, table
from clew.records.findings import Tier

NEAR = 31
"""Bits: the distance up to which no two different photographs were found to come."""
REVIEW = 48
"""Bits up to which somebody may look; crops and captions lie here, and chance begins."""
ENOUGH = 50
"""Quality from which a fingerprint tells a picture from others."""
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
    expected_at_most: float | None = None
    chance_table: str | None = None
    frames_matched: int | None = None
    frames_total: int | None = None
    known_frames_matched: int | None = None
    known_frames_total: int | None = None
    at_ms: tuple[str, ...] = ()
    disputed: int | None = None
    further: int | None = None


def by_chance(one: KnownSet, distance: int, *, frames: int = 1, flagged: bool) -> dict[str, Any]:
    """What stands in a match of how many entries of the set come so near one file by chance."""
    found = chance(distance, len(one.fingerprints) * frames, flagged=flagged)
    if found is None:
        return {}
    return {
        "expected_by_chance": found.expected, "expected_at_most": found.at_most,
        "chance_table": table().version,
    }  # fmt: skip


def shown(one: KnownSet, known: str, asked: str) -> str | None:
    """The set's hash, unless it is restricted and not the file's own."""
    return known if known == asked or not one.restricted else None


def most(told: list[Hit], kept: int) -> Iterator[Hit]:
    """Every hit; of what has little in it the nearest, with the number of the others."""
    weak = [hit for hit in told if hit.low_quality and hit.tier is Tier.REVIEW]
    nearest = sorted(weak, key=lambda hit: (hit.distance, hit.record))[:kept]
    more = len(weak) - len(nearest)
    yield from (hit for hit in told if not hit.low_quality or hit.tier is not Tier.REVIEW)
    yield from (msgspec.structs.replace(hit, further=more or None) for hit in nearest)


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
    **dict.fromkeys(("expected_by_chance", "expected_at_most"), pa.float64()),
    "at_ms": pa.list_(pa.string()),
}  # fmt: skip
