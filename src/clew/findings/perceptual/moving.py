"""Clusters of pictures that move: two are alike where all of their frames are.

The first and the middle frame are hashed. Where they differ, neither stands for the picture: it may
begin as something known and go on as something new, and it must not make one cluster of the two
pictures that it shows. So it is in a cluster with pictures alone that move in the same way.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from clew.casefile import Context
from clew.findings.hashsets.known import as_bytes
from clew.findings.perceptual.clusters import (
    CLUSTERED,
    LONGEST,
    Member,
    Pictures,
    clusters,
    in_every_orientation,
    rows_of,
)
from clew.records.perceptual import NEAR

Frames = list[dict[str, Any]]


def moving_pictures(context: Context) -> dict[str, Frames]:
    """Contents of which frames differ, each with its frames in order."""
    found: dict[str, Frames] = {}
    for frame in context.rows("moving_pictures"):
        found.setdefault(frame["source_id"], []).append(frame)
    return {content: frames for content, frames in found.items() if _differ(frames)}


def moving_clusters(moving: dict[str, Frames], settled: frozenset[str]) -> pa.Table:
    """For each picture that moves and has near duplicates: its cluster and representative."""
    labels = _labels([f for frames in moving.values() for f in frames if f["tells"]])
    alike: dict[tuple[object, ...], list[str]] = {}
    for content, frames in moving.items():
        if any(frame["tells"] for frame in frames):
            key = tuple(labels.get(frame["value"], frame["value"]) for frame in frames)
            alike.setdefault(key, []).append(content)
    rows = [row for some in alike.values() for row in _rows(some, moving, settled)]
    return pa.Table.from_pylist(rows, CLUSTERED)


def _differ(frames: Frames) -> bool:
    values = as_bytes(pa.array([frame["value"] for frame in frames]), 32)
    return bool((np.bitwise_count(values[1:] ^ values[0]).sum(1) > NEAR).any())


def _labels(frames: Frames) -> dict[str, int]:
    """For each frame's hash the cluster of frames that it is in."""
    values = {frame["value"]: frame for frame in frames}
    if not values:
        return {}
    pictures = Pictures(_turned(list(values.values())), np.arange(len(values)))
    names = list(values)
    return {
        names[member]: number
        for number, (_, members, _) in enumerate(clusters(pictures))
        for member in members
    }


def _rows(
    contents: list[str], moving: dict[str, Frames], settled: frozenset[str]
) -> Iterator[dict[str, Any]]:
    """Rows of contents whose frames are alike, frame by frame."""
    waiting = sorted(  # the most detail first
        contents,
        key=lambda c: (*(-max(f[of] for f in moving[c]) for of in ("pixels", "quality")), c),
    )
    while len(waiting) > 1:
        best = waiting[0]
        apart = {content: _apart(moving[content], moving[best]) for content in waiting}
        near = [content for content in waiting if apart[content] <= LONGEST]
        if len(near) > 1:
            anchors = [content for content in near if content in settled]
            yield from rows_of(
                best, [Member(c, apart[c], _through(c, anchors, moving)) for c in near]
            )
        waiting = [content for content in waiting if apart[content] > LONGEST]


def _apart(one: Frames, other: Frames) -> int:
    """Bits between the frames that are furthest apart, each in the nearest orientation."""
    left, right = _turned(one), _turned(other)
    return int(np.bitwise_count(left ^ right[:, :1]).sum(2, dtype=np.int64).min(1).max())


def _turned(frames: Frames) -> npt.NDArray[np.uint8]:
    turned = pa.array([frame["turned"] for frame in frames], pa.list_(pa.string()))
    return in_every_orientation(pa.array([frame["value"] for frame in frames]), turned)


def _through(content: str, anchors: list[str], moving: dict[str, Frames]) -> tuple[int, str] | None:
    """The nearest that is known or judged, within the radius."""
    found = [(_apart(moving[content], moving[anchor]), anchor) for anchor in anchors]
    return min((near for near in found if near[0] <= NEAR), default=None)
