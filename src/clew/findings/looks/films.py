"""Clusters of videos that were coded anew: the same film, by the scenes that both have.

Frames that follow each other and hardly differ are one scene: two hours before a fixed camera are
a few of them. Two videos are one film where four in five of the scenes of either lie within 31
bits of a scene of the other, and neither is more than a quarter longer. One encoder sets key frames
twice as far apart as another: then four in five of the fewer have to match at the same second, and
the films to last the same. All of it may be turned or mirrored, the whole film in one way. A part
of a film is no copy of it: it may be matched with a set, and joins nobody. All members of a cluster
match its representative.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from clew.casefile import Case
from clew.findings.hashsets.known import as_bytes
from clew.findings.looks.clusters import BACK, CLUSTERED, components
from clew.findings.looks.hits import NEAR, ORIENTATIONS
from clew.findings.queries import query
from clew.findings.search import HammingIndex

BOTH_WAYS = 0.8
"""Share of the scenes of either that the other has, and of the longer one's time."""
LEAST, SAME = 4, 0.95
"""Scenes that match at the same second, and share of the longer one's time, where that is asked."""
SCENE, LOOKS = 8, 4
"""Bits up to which a frame still shows its scene, and different frames of a scene that are kept."""
_TURNED = """
SELECT DISTINCT l.look, f.turned[$way] AS asked
FROM fingerprints AS f JOIN (SELECT DISTINCT look, value FROM video_scenes) AS l
  ON l.value = f.value
WHERE f.algorithm = 'vpdq' AND len(f.turned) >= $way ORDER BY l.look, asked
"""
_SCENES = {"source_id": pa.string(), "scene": pa.int64(), "value": pa.string(),
           "at_ms": pa.int64(), "until_ms": pa.int64()}  # fmt: skip


def video_clusters(case: Case) -> pa.Table:
    """For each video that has near duplicates: its cluster, representative, and scenes matched."""
    scenes = pa.Table.from_pylist(
        list(_scenes(case.sql(query("video_frames")))), pa.schema(_SCENES)
    )
    if not scenes.num_rows:
        return CLUSTERED.empty_table()
    values, looks = np.unique(scenes.column("value").to_numpy(), return_inverse=True)
    scenes = scenes.append_column("look", pa.array(looks, pa.int32()))
    case.db.register("video_scenes", scenes)
    case.db.register("near_looks", pa.concat_tables(_near(case, pa.array(values))))
    pairs = case.rows(query("video_pairs"), share=BOTH_WAYS, least=LEAST, same=SAME)
    rows = [row for one in _films(pairs) for row in one]
    return pa.Table.from_pylist(rows, CLUSTERED)


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


def _near(case: Case, values: pa.Array) -> Iterator[pa.Table]:
    """Pairs of looks within the radius, both ways round, with how the first is turned."""
    index = HammingIndex.of(as_bytes(values, 32))
    looks = np.arange(len(values), dtype=np.int32)
    for way, name in enumerate(ORIENTATIONS):
        turned, having = values, looks
        if way:
            asked = case.sql(_TURNED, way=way)
            turned, having = asked.column("asked"), asked.column("look").to_numpy()
        found = index.search(as_bytes(turned, 32), NEAR)
        one, other = having[found.query], found.entry.astype(np.int32)
        yield _pairs(one, other, way)
        yield _pairs(other, one, ORIENTATIONS.index(BACK.get(name, name)))


def _pairs(one: Any, other: Any, way: int) -> pa.Table:
    return pa.table({"look": one, "near": other, "way": np.full(len(one), way, np.int8)})


def _films(pairs: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Each cluster with the rows of its members."""
    names = sorted({pair["one"] for pair in pairs})
    number = {name: n for n, name in enumerate(names)}
    by_pair = {(number[p["one"]], number[p["other"]]): p for p in pairs}
    weight = {number[p["one"]]: (-p["pixels"], -p["total"]) for p in pairs}
    by_pair |= {(n, n): _itself(-total) for n, (_, total) in weight.items()}
    ends = np.array(sorted(by_pair), np.int64).reshape(-1, 2)
    waiting = components(np.arange(len(names)), ends[:, 0], ends[:, 1])
    found = []
    while waiting:
        members = waiting.pop()
        best = min(members.tolist(), key=lambda n: (weight[n], names[n]))
        near = [n for n in members.tolist() if (n, best) in by_pair]
        if len(near) > 1:
            found.append([_row(names, by_pair[n, best], (n, best), near) for n in near])
        rest = np.setdiff1d(members, near)
        if len(rest):
            among = np.isin(ends, rest).all(axis=1)
            waiting += components(rest, ends[among, 0], ends[among, 1])
    return found


def _itself(total: int) -> dict[str, int]:
    """What a representative has of itself."""
    return {"matched": total, "total": total, "matched_back": total, "total_back": total, "way": 0}


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
