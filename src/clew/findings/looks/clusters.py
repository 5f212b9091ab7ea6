"""Clusters of near duplicates over all exhibits: the same picture, however it was coded or turned.

Pictures within 31 bits of each other, in any orientation, are joined. Joining alone could chain:
one picture near a second, that near a third, and the ends strangers. So a cluster holds only what
lies within twice the radius of its representative; where a chain is longer, the representative
keeps what is near itself, and the rest is clustered by itself. Pictures with little in them, and
simple graphics, join nobody (decision 31).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from clew.casefile import Case
from clew.findings.hashsets.known import as_bytes
from clew.findings.looks.hits import NEAR, ORIENTATIONS
from clew.findings.search import HammingIndex

BACK = {"r090": "r270", "r270": "r090"}
"""Orientations that another one takes back; the rest take back themselves."""
LONGEST = 2 * NEAR
"""Bits from the representative to the farthest of its cluster."""
_PICTURES = """
WITH told AS (
  SELECT source_id, value, turned, quality, width * height AS pixels, row_number() OVER (
           PARTITION BY source_id ORDER BY frame NULLS FIRST, locator, exhibit_id) AS place
  FROM fingerprints WHERE algorithm = 'pdq' AND quality >= 50 AND NOT simple_graphic
)
SELECT value, min(turned) AS turned, max(quality) AS quality, max(pixels) AS pixels,
       array_agg(source_id ORDER BY source_id) AS contents
FROM told WHERE place = 1 GROUP BY value ORDER BY value
"""
"""One look of each content: of a picture that moves, the first that tells something."""
CLUSTERED = pa.schema(
    {
        "sha256": pa.string(), "cluster_id": pa.string(), "representative": pa.string(),
        "contents": pa.int64(), "distance": pa.int64(), "orientation": pa.string(),
        **dict.fromkeys(
            ("frames_matched", "frames_total", "representative_frames_matched",
             "representative_frames_total"), pa.int64()),
    }
)  # fmt: skip
"""What is told of a content that is in a cluster; of frames where it is a video."""
Places = npt.NDArray[np.int64]
_PAIRS = 1 << 21
"""Pairs that are held before they are joined."""
_FEW = 128
"""Pictures of which every pair is compared rather than searched for."""


class Pictures(msgspec.Struct, frozen=True):
    """Different fingerprints, in order, and what decides who represents a cluster."""

    turned: npt.NDArray[np.uint8]
    """``(n, 8, 32)``: each in every orientation; the first is as the picture stands."""
    rank: Places
    """Place in the order of those with the most detail first."""


def content_clusters(case: Case) -> pa.Table:
    """For each content that has near duplicates: its cluster, representative, distance and turn."""
    rows = case.sql(_PICTURES)
    contents = rows.column("contents").to_pylist()
    found: dict[str, list[Any]] = {name: [] for name in CLUSTERED.names[:6]}
    if rows.num_rows:
        pictures = _pictures(rows)
        for representative, members, distances in clusters(pictures):
            ways = _ways(pictures, np.array(members), representative)
            held = [(c, d, w) for m, d, w in zip(members, distances, ways, strict=True)
                    for c in contents[m]]  # fmt: skip
            if len(held) > 1:
                lowest = min(content for content, _, _ in held)
                for content, distance, way in sorted(held):
                    for name, value in zip(
                        found,
                        (content, lowest, contents[representative][0], len(held), distance, way),
                        strict=True,
                    ):
                        found[name].append(value)
    return pa.table({n: pa.array(v, CLUSTERED.field(n).type) for n, v in found.items()})


def clusters(pictures: Pictures) -> Iterator[tuple[int, list[int], list[int]]]:
    """Each cluster: its representative, its members, and their distances to it."""
    waiting = [_joined(pictures, np.arange(len(pictures.turned)))]
    while waiting:
        for members in waiting.pop():
            representative = int(members[np.argmin(pictures.rank[members])])
            distances = _distances(pictures, members, representative)
            if distances.max() <= LONGEST:
                yield representative, members.tolist(), distances.tolist()
                continue
            near = distances <= NEAR
            yield representative, members[near].tolist(), distances[near].tolist()
            waiting.append(_joined(pictures, members[~near]))


def _pictures(rows: pa.Table) -> Pictures:
    values = rows.column("value").to_pylist()
    turned = [[v, *t] + [v] * (len(ORIENTATIONS) - 1 - len(t)) for v, t in zip(
        values, rows.column("turned").to_pylist(), strict=True)]  # fmt: skip
    flat = as_bytes(pa.array([h for picture in turned for h in picture], pa.string()), 32)
    firsts = [c[0] for c in rows.column("contents").to_pylist()]
    order = sorted(
        range(len(values)),
        key=lambda n: (-rows["pixels"][n].as_py(), -rows["quality"][n].as_py(), firsts[n]),
    )
    rank = np.empty(len(values), np.int64)
    rank[order] = np.arange(len(values))
    return Pictures(flat.reshape(-1, len(ORIENTATIONS), 32), rank)


def _joined(pictures: Pictures, members: Places) -> list[Places]:
    """Members that look alike, directly or through others, each part in order.

    Of one picture that went round in thousands of codings there are millions of pairs, so they are
    taken some at a time and never kept.
    """
    label = np.arange(len(members))
    held: list[tuple[Places, Places]] = []
    count = 0
    for left, right in _near(pictures.turned[members]):
        held.append((left, right))
        count += len(left)
        if count >= _PAIRS:
            label, held, count = _lowest(label, held), [], 0
    return [members[part] for part in _parts(_lowest(label, held))]


def _near(turned: npt.NDArray[np.uint8]) -> Iterator[tuple[Places, Places]]:
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


def components(members: Places, left: Places, right: Places) -> list[Places]:
    """Members that pairs join, each part in order, parts by their first member."""
    label = _lowest(np.arange(int(members.max(initial=-1)) + 1), [(left, right)])
    return [members[part] for part in _parts(label[members])]


def _lowest(label: Places, pairs: list[tuple[Places, Places]]) -> Places:
    """For each the lowest number among those that pairs join it to.

    Every round gives each the lowest label among those it is joined to, and labels that lead to
    lower ones are followed to their end: a few rounds suffice, whatever the length of a chain.
    """
    if not pairs:
        return label
    left, right = (np.concatenate(side) for side in zip(*pairs, strict=True))
    while True:
        before = label.copy()
        lower = np.minimum(label[left], label[right])
        np.minimum.at(label, label[left], lower)
        np.minimum.at(label, label[right], lower)
        while not np.array_equal(label[label], label):
            label = label[label]
        if np.array_equal(before, label):
            return label


def _parts(label: Places) -> list[Places]:
    """Places with one label, each part in order, parts by their label."""
    order = np.argsort(label, kind="stable")
    cuts = np.nonzero(np.diff(label[order]))[0] + 1
    return [part for part in np.split(order, cuts) if len(part)]


def _distances(pictures: Pictures, members: Places, representative: int) -> Places:
    """Bits from each member to the representative, in the nearest orientation of either."""
    there, back = _apart(pictures, members, representative)
    nearest: Places = np.minimum(there.min(1), back.min(1))
    return nearest


def _ways(pictures: Pictures, members: Places, representative: int) -> list[str]:
    """How each member is turned to look like the representative."""
    there, back = _apart(pictures, members, representative)
    taken_back = [ORIENTATIONS.index(BACK.get(name, name)) for name in ORIENTATIONS]
    nearest = np.minimum(there, back[:, taken_back])
    return [ORIENTATIONS[n] for n in nearest.argmin(1).tolist()]


def _apart(
    pictures: Pictures, members: Places, representative: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Bits between each member and the representative, turning the one and the other."""
    own = pictures.turned[representative]
    there = np.bitwise_count(pictures.turned[members] ^ own[0]).sum(2, dtype=np.int64)
    back = np.bitwise_count(pictures.turned[members, :1] ^ own).sum(2, dtype=np.int64)
    return there, back
