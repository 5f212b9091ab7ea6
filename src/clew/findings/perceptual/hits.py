"""A content that looks like an entry of a set, and how far that carries."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

import clew
from clew.findings.hashsets.known import KnownSet
from clew.findings.perceptual.chance import chance, table
from clew.records import Match, MatchedIn, SetKind, Tier
from clew.schema import replace, to_arrow

REVIEW = 48
"""Bits up to which somebody may look; crops and captions lie here, and chance begins."""
ORIENTATIONS = ("as_is", "r090", "r180", "r270", "flpx", "flpy", "flpp", "flpm")
IMPLEMENTATION = f"clew {clew.__version__}"
_WHERE: dict[str, Any] = {
    "match_id": "", "matched_in": MatchedIn.ITEM, "file_present": False, "exhibit_id": "",
    "item_id": None, "event_id": None,
}  # fmt: skip
"""What a match says of one item; of a hit, which is about a content wherever it lies, nothing."""


def hit(one: KnownSet, entry: Mapping[str, Any], **figures: Any) -> Match:
    """A content that looks like an entry of a set: a match of no item yet."""
    named = {name: entry[name] for name in ("record", "category", "disputed")}
    version = figures.pop("algorithm_version", IMPLEMENTATION)
    return Match(
        set=one.set, version=one.version, kind=SetKind(one.kind), algorithm_version=version,
        **_WHERE, **named, **figures,
    )  # fmt: skip


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


def most(hits: list[Match], kept: int) -> Iterator[Match]:
    """Every hit; of what has little in it the nearest, with the number of the others."""
    weak = [hit for hit in hits if hit.low_quality and hit.tier is Tier.REVIEW]
    nearest = sorted(weak, key=lambda hit: (hit.distance, hit.record))[:kept]
    more = len(weak) - len(nearest)
    yield from (hit for hit in hits if not hit.low_quality or hit.tier is not Tier.REVIEW)
    yield from (replace(hit, further=more or None) for hit in nearest)


def to_table(hits: Sequence[Match]) -> pa.Table:
    """Hits as a table."""
    return to_arrow(Match, hits).drop_columns(list(_WHERE))
