"""Clusters of near duplicates over all exhibits: the same picture, however it was coded or turned.

Pictures within 31 bits of each other, in any orientation, are joined. Joining alone could chain:
one picture near a second, that near a third, and the ends strangers. So a cluster holds only what
lies within twice the radius of its representative; where a chain is longer, the representative
keeps what is near itself, and the rest is clustered by itself. Pictures with little in them, and
simple graphics, join nobody (decision 31). A cluster shows what is alike and settles nothing by
itself: a member is settled by being near one that is known or judged (decision 58).
"""

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from clew.casefile import Context
from clew.findings.hashsets.known import as_bytes
from clew.findings.perceptual.hits import ORIENTATIONS
from clew.findings.search import HammingIndex
from clew.findings.union_find import Indices, lowest_labels
from clew.records.perceptual import NEAR

BACK = {"r090": "r270", "r270": "r090"}
"""Orientations that another one takes back; the rest take back themselves."""
LONGEST = 2 * NEAR
"""Bits from the representative to the farthest of its cluster."""
CLUSTERED = pa.schema(
    {
        "sha256": pa.string(), "cluster_id": pa.string(), "representative": pa.string(),
        "contents": pa.int64(), "distance": pa.int64(), "orientation": pa.string(),
        "settled_through": pa.string(), "settled_distance": pa.int64(),
        **dict.fromkeys(
            ("frames_matched", "frames_total", "representative_frames_matched",
             "representative_frames_total"), pa.int64()),
    }
)  # fmt: skip
"""What is said of a content that is in a cluster; of frames where it is a video."""
_PAIRS = 1 << 21
"""Pairs that are collected before they are joined."""
_FEW = 128
"""Pictures of which every pair is compared rather than searched for."""


class Pictures(msgspec.Struct, frozen=True):
    """Different fingerprints, in order, and what decides who represents a cluster."""

    turned: npt.NDArray[np.uint8]
    """``(n, 8, 32)``: each in every orientation; the first is as the picture stands."""
    rank: Indices
    """Rank in the order of those with the most detail first."""


class Member(msgspec.Struct, frozen=True):
    """One content of a cluster."""

    content: str
    distance: int | None
    """Bits to the representative."""
    through: tuple[int, str] | None
    """The nearest content within the radius that is known or judged, after the bits to it."""
    orientation: str | None = None
    """How it is turned to look like the representative; unknown for a picture that moves."""


def content_clusters(context: Context, settled: frozenset[str], moving: list[str]) -> pa.Table:
    """For each picture that has near duplicates: its cluster, representative, distance and turn.

    ``settled`` are contents that are known or judged; ``moving`` are those of several frames that
    differ, which are clustered elsewhere.
    """
    rows = context.query("still_pictures", moving=moving)
    contents = rows.column("contents").to_pylist()
    pictures = _pictures(rows)
    anchors = [next((c for c in group if c in settled), None) for group in contents]
    through = _through(pictures, anchors)
    found: list[dict[str, Any]] = []
    for representative, members, distances in clusters(pictures):
        group = [content for member in members for content in contents[member]]
        if len(group) > 1 or through.get(members[0], (0, group[0]))[1] != group[0]:
            ways = _ways(pictures, np.array(members), representative)
            found += rows_of(
                contents[representative][0],
                [Member(content, distance, through.get(member), way)
                 for member, distance, way in zip(members, distances, ways, strict=True)
                 for content in contents[member]],
            )  # fmt: skip
    return pa.Table.from_pylist(found, CLUSTERED)


def rows_of(representative: str, members: list[Member]) -> Iterator[dict[str, Any]]:
    """Rows of one cluster."""
    lowest = min(member.content for member in members)
    for member in sorted(members, key=lambda m: m.content):
        yield {
            "sha256": member.content, "cluster_id": lowest, "representative": representative,
            "contents": len(members), "distance": member.distance,
            "orientation": member.orientation,
            "settled_through": member.through[1] if member.through else None,
            "settled_distance": member.through[0] if member.through else None,
        }  # fmt: skip


def _through(pictures: Pictures, anchors: list[str | None]) -> dict[int, tuple[int, str]]:
    """For each picture near one that is known or judged: the bits, and the content.

    Whatever cluster either is in: where a chain was cut, both sides of the cut are near.
    """
    names = sorted(anchor for anchor in anchors if anchor)
    if not names:
        return {}
    order = {name: n for n, name in enumerate(names)}
    is_one = np.array([anchor is not None for anchor in anchors])
    number = np.array([order[anchor] for anchor in anchors if anchor])
    none = (NEAR + 1) * len(names)
    nearest = np.full(len(anchors), none)
    nearest[is_one] = number
    others = np.nonzero(~is_one)[0]
    for picture, one, distance in _beside(pictures.turned[others], pictures.turned[is_one]):
        np.minimum.at(nearest, others[picture], distance * len(names) + number[one])
    found = np.nonzero(nearest < none)[0].tolist()
    return {n: (int(nearest[n]) // len(names), names[nearest[n] % len(names)]) for n in found}


def _beside(
    asked: npt.NDArray[np.uint8], among: npt.NDArray[np.uint8]
) -> Iterator[tuple[Indices, Indices, Indices]]:
    """Pairs of one of each side, with the bits between them, in whichever way either is turned."""
    left, right = (HammingIndex.of(np.ascontiguousarray(side[:, 0])) for side in (asked, among))
    for n in range(len(ORIENTATIONS)):
        for found in right.pairs(np.ascontiguousarray(asked[:, n]), NEAR):
            yield found.query, found.entry, found.distance
        for found in left.pairs(np.ascontiguousarray(among[:, n]), NEAR) if n else ():
            yield found.entry, found.query, found.distance


def clusters(pictures: Pictures) -> Iterator[tuple[int, list[int], list[int]]]:
    """Each cluster: its representative, its members, and their distances to it."""
    waiting = [_joined(pictures, np.arange(len(pictures.turned)))]
    while waiting:
        for members in waiting.pop():
            representative = int(members[np.argmin(pictures.rank[members])])
            there, back = _apart(pictures, members, representative)
            distances = np.minimum(there.min(1), back.min(1))  # in the nearest way of either
            if distances.max() <= LONGEST:
                yield representative, members.tolist(), distances.tolist()
                continue
            near = distances <= NEAR
            yield representative, members[near].tolist(), distances[near].tolist()
            waiting.append(_joined(pictures, members[~near]))


def in_every_orientation(values: pa.Array, turned: pa.Array) -> npt.NDArray[np.uint8]:
    """``(n, 8, 32)``: the hashes of each picture; one that was not turned stands as it is."""
    found = np.repeat(as_bytes(values, 32)[:, None], len(ORIENTATIONS), axis=1)
    whole = pc.equal(pc.list_value_length(turned), len(ORIENTATIONS) - 1)
    other = as_bytes(pc.list_flatten(turned.filter(whole)), 32)
    found[whole.to_numpy(zero_copy_only=False), 1:] = other.reshape(-1, len(ORIENTATIONS) - 1, 32)
    return found


def _pictures(rows: pa.Table) -> Pictures:
    most = [("pixels", "descending"), ("quality", "descending"), ("first", "ascending")]
    rank = np.empty(len(rows), np.int64)
    rank[pc.sort_indices(rows, most).to_numpy()] = np.arange(len(rows))
    turned = in_every_orientation(
        rows.column("value").combine_chunks(), rows.column("turned").combine_chunks()
    )
    return Pictures(turned, rank)


def _joined(pictures: Pictures, members: Indices) -> list[Indices]:
    """Members that look alike, directly or through others, each part in order.

    Of one picture that went round in thousands of codings there are millions of pairs, so they are
    taken some at a time and never kept.
    """
    label = np.arange(len(members))
    collected: list[tuple[Indices, Indices]] = []
    count = 0
    for left, right in _near(pictures.turned[members]):
        collected.append((left, right))
        count += len(left)
        if count >= _PAIRS:
            label, collected, count = lowest_labels(label, collected), [], 0
    return [members[part] for part in _parts(lowest_labels(label, collected))]


def _near(turned: npt.NDArray[np.uint8]) -> Iterator[tuple[Indices, Indices]]:
    """Pairs of different pictures within the radius in some orientation."""
    if len(turned) <= _FEW:
        words = np.ascontiguousarray(turned).view(np.uint64)
        apart = np.bitwise_count(words[:, :, None] ^ words[None, None, :, 0]).sum(3).min(1)
        left, right = np.nonzero(apart <= NEAR)
        yield left, right
        return
    index = HammingIndex.of(np.ascontiguousarray(turned[:, 0]))
    for n in range(len(ORIENTATIONS)):
        for found in index.pairs(np.ascontiguousarray(turned[:, n]), NEAR):
            other = found.query != found.entry
            yield found.query[other], found.entry[other]


def components(members: Indices, left: Indices, right: Indices) -> list[Indices]:
    """Members that pairs join, each part in order, parts by their first member."""
    label = lowest_labels(np.arange(int(members.max(initial=-1)) + 1), [(left, right)])
    return [members[part] for part in _parts(label[members])]


def _parts(label: Indices) -> list[Indices]:
    """Indices with one label, each part in order, parts by their label."""
    order = np.argsort(label, kind="stable")
    cuts = np.nonzero(np.diff(label[order]))[0] + 1
    return [part for part in np.split(order, cuts) if len(part)]


def _ways(pictures: Pictures, members: Indices, representative: int) -> list[str]:
    """How each member is turned to look like the representative."""
    there, back = _apart(pictures, members, representative)
    taken_back = [ORIENTATIONS.index(BACK.get(name, name)) for name in ORIENTATIONS]
    nearest = np.minimum(there, back[:, taken_back])
    return [ORIENTATIONS[n] for n in nearest.argmin(1).tolist()]


def _apart(
    pictures: Pictures, members: Indices, representative: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Bits between each member and the representative, turning the one and the other."""
    own = pictures.turned[representative]
    there = np.bitwise_count(pictures.turned[members] ^ own[0]).sum(2, dtype=np.int64)
    back = np.bitwise_count(pictures.turned[members, :1] ^ own).sum(2, dtype=np.int64)
    return there, back
