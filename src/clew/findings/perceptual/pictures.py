"""Pictures that look like an entry of a set: by their fingerprint, and by that without borders.

A picture is turned and mirrored in all eight ways, for what is near and for what people review. One
without its borders is for review whatever its distance, so it is asked for up to 31 bits only.
"""

from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from clew.casefile import Context
from clew.findings.hashsets.known import KnownSet, as_bytes, as_hex
from clew.findings.perceptual import hits as h
from clew.records import Match, Tier
from clew.records.perceptual import ENOUGH, NEAR
from clew.schema import replace

_AT_ONCE, _POOR_AT_ONCE = 1 << 14, 1 << 8
"""Pictures asked at once; one with little in it may come near every empty one of a set."""
_RADIUS = {"pdq": h.REVIEW, "pdq_trimmed": NEAR}
_MOST = 20
"""Entries listed of a picture with little in it, in one set; the count of the rest is kept."""


class Pair(msgspec.Struct, frozen=True, gc=False):
    """A picture and a fingerprint of a set, in the nearest orientation."""

    entry: int
    distance: int
    orientation: str


class Pairs(msgspec.Struct, frozen=True):
    """Pairs within the radius, each once, in order of picture and entry."""

    picture: npt.NDArray[np.int64]
    entry: npt.NDArray[np.int64]
    distance: npt.NDArray[np.int64]
    way: npt.NDArray[np.int64]
    """The orientation in which they are nearest."""

    def by_picture(self) -> Iterator[tuple[int, Iterator[Pair]]]:
        """Each picture that has any, with its pairs."""
        cuts = np.nonzero(np.diff(self.picture, prepend=-1))[0].tolist()
        for start, end in pairwise((*cuts, len(self.picture))):
            columns = (c[start:end].tolist() for c in (self.entry, self.distance, self.way))
            yield (
                int(self.picture[start]),
                (
                    Pair(entry, distance, h.ORIENTATIONS[way])
                    for entry, distance, way in zip(*columns, strict=True)
                ),
            )


def hits(
    context: Context, sets: list[KnownSet], gone: dict[tuple[str, str], set[str]]
) -> Iterator[Match]:
    """Contents that look like an entry of a set, every entry listed."""
    searched = [one for one in sets if len(one.fingerprints)]
    pictures = context.rows("pictures") if searched else []
    for poor, size in ((False, _AT_ONCE), (True, _POOR_AT_ONCE)):
        asked = [p for p in pictures if (p["quality"] < ENOUGH) is poor]
        for start in range(0, len(asked), size):
            some = asked[start : start + size]
            turned = list(_turned(some))
            for one in searched:
                yield from _hits_of(one, some, _pairs(one, turned), gone[one.set, one.version])


class Turned(msgspec.Struct, frozen=True):
    """The pictures of one algorithm that have one orientation, and their fingerprints in it."""

    number: int
    """Index of the orientation among all."""
    radius: int
    having: npt.NDArray[np.int64]
    values: npt.NDArray[np.uint8]


def _turned(pictures: list[dict[str, Any]]) -> Iterator[Turned]:
    for n in range(len(h.ORIENTATIONS)):
        for algorithm, radius in _RADIUS.items():
            values = [
                (position, (p["value"], *p["turned"])[n])
                for position, p in enumerate(pictures)
                if p["algorithm"] == algorithm and n <= len(p["turned"])
            ]
            having = np.array([position for position, _ in values], np.int64)
            bits = as_bytes(pa.array([value for _, value in values], pa.string()), 32)
            yield Turned(n, radius, having, bits)


def _pairs(one: KnownSet, turned: list[Turned]) -> Pairs:
    """Pairs within the radius; of the ways a picture is turned, the first of the nearest."""
    found = [one.near.search(way.values, way.radius) for way in turned]
    pairs = Pairs(
        np.concatenate([way.having[f.query] for way, f in zip(turned, found, strict=True)]),
        np.concatenate([f.entry for f in found]),
        np.concatenate([f.distance for f in found]),
        np.repeat([way.number for way in turned], [len(f.entry) for f in found]),
    )
    order = np.lexsort((pairs.way, pairs.distance, pairs.entry, pairs.picture))
    picture, entry = pairs.picture[order], pairs.entry[order]
    first = np.ones(len(order), np.bool_)
    first[1:] = (picture[1:] != picture[:-1]) | (entry[1:] != entry[:-1])
    kept = order[first]
    return Pairs(picture[first], entry[first], pairs.distance[kept], pairs.way[kept])


def _hits_of(
    one: KnownSet, pictures: list[dict[str, Any]], pairs: Pairs, withdrawn: set[str]
) -> Iterator[Match]:
    """Every entry behind the pairs, for every content with the picture."""
    wanted = np.unique(pairs.entry)
    known = dict(zip(wanted.tolist(), as_hex(one.fingerprints[wanted]), strict=True))
    entries = one.entries_by_fingerprint(list(known.values()), withdrawn)
    for position, near in pairs.by_picture():
        picture = pictures[position]
        found = ((pair, entry) for pair in near for entry in entries.get(known[pair.entry], ()))
        some, more = _nearest(found) if picture["quality"] < ENOUGH else (list(found), None)
        hits = [_hit(one, picture, pair, entry) for pair, entry in some]
        for hit in h.most(hits, _MOST):
            for content in picture["contents"]:
                yield replace(hit, sha256=content, further=more or hit.further)


def _nearest(found: Iterator[tuple[Pair, dict[str, Any]]]) -> tuple[list[Any], int | None]:
    """Of a picture with little in it: the nearest entries, and how many others there are."""
    best: list[Any] = []
    count = 0
    while some := list(islice(found, _AT_ONCE)):
        count += len(some)
        best = sorted(best + some, key=lambda f: (f[0].distance, f[1]["record"]))[:_MOST]
    return best, count - len(best) or None


def _hit(one: KnownSet, picture: dict[str, Any], pair: Pair, entry: dict[str, Any]) -> Match:
    known_quality = entry["pdq_quality"]
    # of a picture that moves, when the frame is shown that matches
    shown_at = () if picture["at_ms"] is None else (str(picture["at_ms"]),)
    low = picture["quality"] < ENOUGH or (known_quality is not None and known_quality < ENOUGH)
    sure = (
        picture["algorithm"] == "pdq" and pair.distance <= NEAR and not low
        and not picture["simple_graphic"] and entry["at_ms"] is None
    )  # fmt: skip
    return h.hit(
        one, entry, sha256="", algorithm=picture["algorithm"], distance=pair.distance,
        tier=Tier.NEAR if sure else Tier.REVIEW, quality=picture["quality"],
        decode_path=picture["decode_path"],
        query_hash=picture["value"], known_hash=h.shown(one, entry["pdq"], picture["value"]),
        known_quality=known_quality, orientation=pair.orientation, low_quality=low,
        simple_graphic=picture["simple_graphic"], at_ms=shown_at,
        **h.by_chance(one, pair.distance, flagged=low or picture["simple_graphic"]),
    )  # fmt: skip
