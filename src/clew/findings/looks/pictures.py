"""Pictures that look like an entry of a set: by their fingerprint, and by that without borders.

A picture is turned and mirrored in all eight ways, for what is near and for what people review. One
without its borders is for review whatever its distance, so it is asked for up to 31 bits only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from clew.casefile import Case
from clew.findings.hashsets.known import KnownSet, as_bytes, as_hex
from clew.findings.looks import hits as h
from clew.findings.looks.hits import Hit
from clew.records.findings import Tier

_PICTURES = """
WITH one AS (
  SELECT source_id, algorithm, value, turned, quality, simple_graphic, decode_path, at_ms,
         row_number() OVER (PARTITION BY source_id, algorithm, value
                            ORDER BY quality DESC, simple_graphic, turned, frame, decode_path,
                                     exhibit_id) AS place
  FROM fingerprints WHERE algorithm IN ('pdq', 'pdq_trimmed')
)
SELECT value, turned, algorithm, quality, simple_graphic, at_ms,
       min(decode_path) AS decode_path, array_agg(source_id ORDER BY source_id) AS contents
FROM one WHERE place = 1
GROUP BY value, turned, algorithm, quality, simple_graphic, at_ms
ORDER BY algorithm, value, turned, quality, simple_graphic, at_ms NULLS FIRST
"""
"""Different pictures. Two frames of one content with one hash are one picture."""
_AT_ONCE = 1 << 14
_RADIUS = {"pdq": h.REVIEW, "pdq_trimmed": h.NEAR}
_MOST = 20
"""Entries told of a picture with little in it, in one set; how many more there are is told too."""


class Pair(msgspec.Struct, gc=False):
    """A picture and a fingerprint of a set, in the nearest orientation."""

    picture: int
    entry: int
    distance: int
    orientation: str


def hits(case: Case, sets: list[KnownSet], gone: dict[tuple[str, str], set[str]]) -> Iterator[Hit]:
    """Contents that look like an entry of a set, every entry told."""
    searched = [one for one in sets if len(one.fingerprints)]
    pictures = case.rows(_PICTURES) if searched else []
    for start in range(0, len(pictures), _AT_ONCE):
        some = pictures[start : start + _AT_ONCE]
        turned = list(_turned(some))
        for one in searched:
            pairs = list(_pairs(one, turned))
            yield from _told(one, some, pairs, gone[one.set, one.version])


class Turned(msgspec.Struct, frozen=True):
    """The pictures of one algorithm that have one orientation, and their fingerprints in it."""

    orientation: str
    radius: int
    having: npt.NDArray[np.int64]
    values: npt.NDArray[np.uint8]


def _turned(pictures: list[dict[str, Any]]) -> Iterator[Turned]:
    for n, orientation in enumerate(h.ORIENTATIONS):
        for algorithm, radius in _RADIUS.items():
            values = [
                (place, (p["value"], *p["turned"])[n])
                for place, p in enumerate(pictures)
                if p["algorithm"] == algorithm and n <= len(p["turned"])
            ]
            having = np.array([place for place, _ in values], np.int64)
            bits = as_bytes(pa.array([value for _, value in values], pa.string()), 32)
            yield Turned(orientation, radius, having, bits)


def _pairs(one: KnownSet, turned: list[Turned]) -> Iterator[Pair]:
    """Pairs within the radius, each once and in its nearest orientation."""
    best: dict[tuple[int, int], Pair] = {}
    for way in turned:
        found = one.near.search(way.values, way.radius)
        for asked, entry, distance in zip(
            way.having[found.query].tolist(), found.entry.tolist(), found.distance.tolist(),
            strict=True,
        ):  # fmt: skip
            held = best.get((asked, entry))
            if held is None or distance < held.distance:
                best[asked, entry] = Pair(asked, entry, distance, way.orientation)
    yield from (best[key] for key in sorted(best))


def _told(
    one: KnownSet, pictures: list[dict[str, Any]], pairs: list[Pair], withdrawn: set[str]
) -> Iterator[Hit]:
    """Every entry behind the pairs, for every content with the picture."""
    wanted = sorted({pair.entry for pair in pairs})
    known = dict(zip(wanted, as_hex(one.fingerprints[wanted]), strict=True))
    entries = one.entries_by_fingerprint(list(known.values()), withdrawn)
    found: dict[int, list[Hit]] = {}
    for pair in pairs:
        for entry in entries.get(known[pair.entry], ()):
            hit = _hit(one, pictures[pair.picture], pair, entry)
            found.setdefault(pair.picture, []).append(hit)
    for place, told in found.items():
        for hit in h.most(told, _MOST):
            for content in pictures[place]["contents"]:
                yield msgspec.structs.replace(hit, sha256=content)


def _hit(one: KnownSet, picture: dict[str, Any], pair: Pair, entry: dict[str, Any]) -> Hit:
    known_quality = entry["pdq_quality"]
    low = picture["quality"] < h.ENOUGH or (known_quality is not None and known_quality < h.ENOUGH)
    sure = (
        picture["algorithm"] == "pdq" and pair.distance <= h.NEAR and not low
        and not picture["simple_graphic"] and entry["at_ms"] is None
    )  # fmt: skip
    return Hit(
        sha256="", set=one.set, version=one.version, kind=one.kind, record=entry["record"],
        algorithm=picture["algorithm"], distance=pair.distance,
        tier=Tier.NEAR if sure else Tier.REVIEW, quality=picture["quality"],
        category=entry["category"], decode_path=picture["decode_path"],
        query_hash=picture["value"], known_hash=h.shown(one, entry["pdq"], picture["value"]),
        known_quality=known_quality, orientation=pair.orientation, low_quality=low,
        simple_graphic=picture["simple_graphic"], at_ms=_shown_at(picture),
        disputed=entry["disputed"],
        **h.by_chance(one, pair.distance, flagged=low or picture["simple_graphic"]),
    )  # fmt: skip


def _shown_at(picture: dict[str, Any]) -> tuple[str, ...]:
    """Of a picture that moves, when the frame is shown that matches."""
    return () if picture["at_ms"] is None else (str(picture["at_ms"]),)
