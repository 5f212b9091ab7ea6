"""Clusters of videos that were coded anew: the same film, by the scenes that both have.

Frames that follow each other and hardly differ are one scene: two hours before a fixed camera are
a few of them. Two videos are one film where four in five of the scenes of either lie within 31
bits of a scene of the other, and neither is more than a quarter longer. One encoder sets key frames
twice as far apart as another: then four in five of the fewer have to match at the same second, and
the films to last the same. All of it may be turned or mirrored, the whole film in one way. A part
of a film is no copy of it: it may be matched with a set, and joins nobody. All members of a cluster
match its representative; what settles one is a known or judged film that it matches itself.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from clew.casefile import Context
from clew.findings.hashsets.known import as_bytes
from clew.findings.perceptual.clusters import BACK, CLUSTERED, components
from clew.findings.perceptual.hits import ORIENTATIONS
from clew.findings.search import HammingIndex
from clew.findings.union_find import Indices
from clew.records.perceptual import NEAR

BOTH_WAYS = 0.8
"""Share of the scenes of either that the other has, and of the longer one's time."""
LEAST, SAME = 4, 0.95
"""Scenes that match at the same second, and share of the longer one's time, where that is asked."""
SCENE, LOOKS = 8, 4
"""Bits up to which a frame shows the same scene, and different frames of one that are kept."""
ASKED = 256
"""Scenes of a film that are looked for in others; of a film with more, as many evenly spread."""
_APART = (1 << 60, 1000, 0)
"""Milliseconds that scenes are apart at most to look alike, to be in step, and to be at once."""
_AT_ONCE = 1 << 22
"""Scenes of other films that are collected before repeats are thrown away."""
_TAKEN_BACK = [ORIENTATIONS.index(BACK.get(name, name)) for name in ORIENTATIONS]
_SCENES = {"source_id": pa.string(), "scene": pa.int64(), "value": pa.string(),
           "at_ms": pa.int64(), "until_ms": pa.int64()}  # fmt: skip


def video_clusters(context: Context, settled: frozenset[str]) -> pa.Table:
    """For each video that has near duplicates: its cluster, representative, and scenes matched."""
    scenes = pa.Table.from_pylist(list(_scenes(context.query("video_frames"))), pa.schema(_SCENES))
    if not scenes.num_rows:
        return CLUSTERED.empty_table()
    names = scenes.column("source_id").combine_chunks().dictionary_encode()
    films = names.indices.to_numpy().astype(np.int64)
    scenes = scenes.append_column("row", pa.array(range(scenes.num_rows), pa.int64()))
    scenes = scenes.append_column("asked", pa.array(_sample(films, _numbers(scenes, "scene"))))
    met = _Met(films, *(_numbers(scenes, name) for name in ("scene", "at_ms", "until_ms")))
    index = HammingIndex.of(as_bytes(scenes.column("value"), 32))
    for way in range(len(ORIENTATIONS)):
        with context.engine.with_tables(video_scenes=scenes):
            asked = context.query("video_scenes_asked", way=way)
        rows = _numbers(asked, "row")
        for found in index.pairs(as_bytes(asked.column("asked"), 32), NEAR):
            met.add(rows[found.query], found.entry, way)
    films_met = met.counted(names.dictionary, _TAKEN_BACK)
    with context.engine.with_tables(video_scenes=scenes, films_met=films_met):
        pairs = context.rows("video_pairs", share=BOTH_WAYS, least=LEAST, same=SAME)
    clustered = [row for one in _films(pairs, settled) for row in one]
    return pa.Table.from_pylist(clustered, CLUSTERED)


def _numbers(table: pa.Table, name: str) -> Indices:
    numbers: Indices = table.column(name).to_numpy().astype(np.int64)
    return numbers


def _sample(films: Indices, scenes: Indices) -> npt.NDArray[np.bool_]:
    """Which looks are asked for: those of up to ASKED scenes of each film, evenly spread."""
    firsts = np.flatnonzero(np.diff(films, prepend=-1))
    film_begins = np.repeat(scenes[firsts], np.diff(firsts, append=len(films)))
    position = scenes - film_begins
    ends = np.flatnonzero(np.diff(films, append=-1))
    counts = np.repeat(position[ends] + 1, np.diff(firsts, append=len(films)))
    every = -(-counts // ASKED)
    asked: npt.NDArray[np.bool_] = position % every == 0
    return asked


def _scenes(frames: pa.Table) -> Iterator[dict[str, Any]]:
    """Some frames of each scene, with its number and the time from its first to its last frame."""
    number = 0
    scene: dict[str, Any] = {}
    looks: dict[str, None] = {}
    for part in frames.to_batches():
        for frame in part.to_pylist():
            if scene and scene["source_id"] == frame["source_id"] and _shows(looks, frame["value"]):
                scene["until_ms"] = frame["at_ms"]
                if len(looks) < LOOKS:
                    looks[frame["value"]] = None
                continue
            yield from ({**scene, "value": look} for look in looks)
            number += 1
            scene = {**frame, "scene": number, "until_ms": frame["at_ms"]}
            looks = {frame["value"]: None}
    yield from ({**scene, "value": look} for look in looks)


def _shows(looks: dict[str, None], value: str) -> bool:
    """Whether a frame shows the scene that began with the first of these looks."""
    return (int(next(iter(looks)), 16) ^ int(value, 16)).bit_count() <= SCENE


class _Met:
    """Which scenes of each film another film has too; pairs of looks are never kept.

    A scene and a film are packed into one number with what is true of them: that they look alike,
    that they do so within a second, and that they do so at once.
    """

    def __init__(self, films: Indices, scenes: Indices, begins: Indices, ends: Indices) -> None:
        self._films, self._scenes, self._begins, self._ends = films, scenes, begins, ends
        self._of_scene = np.zeros(int(scenes.max()) + 1, np.int64)
        self._of_scene[scenes] = films
        self._count = int(films.max()) + 1
        self._collected: list[Indices] = []
        self._waiting = 0

    def add(self, one: Indices, other: Indices, way: int) -> None:
        """Take in that looks of films, turned in some way, look like others."""
        strangers = self._films[one] != self._films[other]
        one, other = one[strangers], other[strangers]
        apart = np.maximum(self._begins[one] - self._ends[other],
                           self._begins[other] - self._ends[one])  # fmt: skip
        pair = (self._scenes[one] * self._count + self._films[other]) * len(ORIENTATIONS) + way
        self._collected += [
            np.unique(pair[near]) * len(_APART) + n
            for n, most in enumerate(_APART) if (near := apart <= most).any()
        ]  # fmt: skip
        self._waiting += sum(map(len, self._collected[-len(_APART) :]))
        if self._waiting > _AT_ONCE:
            self._collected = [np.unique(np.concatenate(self._collected))]
            self._waiting = 0

    def counted(self, names: pa.Array, taken_back: list[int]) -> pa.Table:
        """For two films and a way of turning the first, how many of its scenes the second has."""
        all_of_it = np.unique(np.concatenate([*self._collected, np.empty(0, np.int64)]))
        rest, apart = np.divmod(all_of_it, len(_APART))
        rest, way = np.divmod(rest, len(ORIENTATIONS))
        scene, other = np.divmod(rest, self._count)
        return pa.table(
            {
                "one": names.take(pa.array(self._of_scene[scene])),
                "other": names.take(pa.array(other)),
                "way": way, "back": np.array(taken_back)[way], "apart": apart,
            }
        )  # fmt: skip


def _films(pairs: list[dict[str, Any]], settled: frozenset[str]) -> list[list[dict[str, Any]]]:
    """Each cluster with the rows of its members."""
    names = sorted({pair["one"] for pair in pairs})
    number = {name: n for n, name in enumerate(names)}
    by_pair = {(number[p["one"]], number[p["other"]]): p for p in pairs}
    weight = {number[p["one"]]: (-p["pixels"], -p["total"]) for p in pairs}
    by_pair |= {
        (n, n): {"matched": -total, "total": -total, "matched_back": -total, "total_back": -total,
                 "way": 0}
        for n, (_, total) in weight.items()
    }  # fmt: skip
    through = {one: names[other] for one, other in sorted(by_pair, reverse=True)
               if names[other] in settled}  # fmt: skip
    ends = np.array(sorted(by_pair), np.int64).reshape(-1, 2)
    waiting = components(np.arange(len(names)), ends[:, 0], ends[:, 1])
    found = []
    while waiting:
        members = waiting.pop()
        best = min(members.tolist(), key=lambda n: (weight[n], names[n]))
        near = [n for n in members.tolist() if (n, best) in by_pair]
        if len(near) > 1 or through.get(best, names[best]) != names[best]:
            found.append([
                _row(names, by_pair[n, best], (n, best), near)
                | {"settled_through": through.get(n)} for n in near
            ])  # fmt: skip
        rest = np.setdiff1d(members, near)
        if len(rest):
            among = np.isin(ends, rest).all(axis=1)
            waiting += components(rest, ends[among, 0], ends[among, 1])
    return found


def _row(
    names: list[str], pair: dict[str, Any], ends: tuple[int, int], near: list[int]
) -> dict[str, Any]:
    one, best = ends
    return {
        "sha256": names[one], "cluster_id": min(names[n] for n in near),
        "representative": names[best], "contents": len(near), "distance": None,
        "orientation": ORIENTATIONS[pair["way"]],
        "frames_matched": pair["matched"], "frames_total": pair["total"],
        "representative_frames_matched": pair["matched_back"],
        "representative_frames_total": pair["total_back"],
    }  # fmt: skip
