"""Clusters of videos that were coded anew: the same film, by the frames that both have.

Two videos are one film where four in five of the different frames of either lie within 31 bits of
a frame of the other, and neither is more than a quarter longer. One encoder sets key frames twice
as far apart as another: then four in five of the fewer have to match at the same second, and the
films to last the same. A part of a film is no copy of it: it may be matched with a set, and joins
nobody. All members of a cluster match its representative; what settles one is a known or judged
film that it matches itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from clew.casefile import Case
from clew.findings.hashsets.known import as_bytes
from clew.findings.looks.clusters import CLUSTERED, components
from clew.findings.looks.hits import NEAR
from clew.findings.queries import query
from clew.findings.search import HammingIndex

BOTH_WAYS = 0.8
"""Share of the frames of either that the other has, and of the longer one's time."""
LEAST, SAME = 4, 0.95
"""Frames that match at the same second, and share of the longer one's time, where that is asked."""


def video_clusters(case: Case, settled: frozenset[str]) -> pa.Table:
    """For each video that has near duplicates: its cluster, representative, and frames matched."""
    frames = case.sql(query("video_frames"))
    if not frames.num_rows:
        return CLUSTERED.empty_table()
    case.db.register("video_frames", frames)
    case.db.register("near_frames", _near(frames.column("value").unique()))
    pairs = case.rows(query("video_pairs"), share=BOTH_WAYS, least=LEAST, same=SAME)
    rows = [row for one in _films(pairs, settled) for row in one]
    return pa.Table.from_pylist(rows, CLUSTERED)


def _near(values: pa.Array) -> pa.Table:
    """Pairs of frames within the radius, each both ways and with itself."""
    bits = as_bytes(values, 32)
    found = HammingIndex.of(bits).search(bits, NEAR)
    return pa.table({"value": values.take(found.query), "near": values.take(found.entry)})


def _films(pairs: list[dict[str, Any]], settled: frozenset[str]) -> list[list[dict[str, Any]]]:
    """Each cluster with the rows of its members."""
    names = sorted({pair["one"] for pair in pairs})
    number = {name: n for n, name in enumerate(names)}
    by_pair = {(number[p["one"]], number[p["other"]]): p for p in pairs}
    weight = {number[p["one"]]: (-p["pixels"], -p["total"]) for p in pairs}
    by_pair |= {(n, n): _itself(-total) for n, (_, total) in weight.items()}
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


def _itself(total: int) -> dict[str, int]:
    """What a representative has of itself."""
    return {"matched": total, "total": total, "matched_back": total, "total_back": total}


def _row(
    names: list[str], pair: dict[str, Any], ends: tuple[int, int], near: list[int]
) -> dict[str, Any]:
    one, best = ends
    return {
        "sha256": names[one], "cluster_id": min(names[n] for n in near),
        "representative": names[best], "contents": len(near), "distance": None,
        "frames_matched": pair["matched"], "frames_total": pair["total"],
        "representative_frames_matched": pair["matched_back"],
        "representative_frames_total": pair["total_back"],
    }  # fmt: skip
