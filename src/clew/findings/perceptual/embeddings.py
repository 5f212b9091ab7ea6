"""Pictures that a model of the user's puts near a picture which a set knows: for review alone.

Vectors are compared with those of contents of this case that a known set has by their bytes, for no
set carries vectors. The distance is that of the cosine; how near is near stands in the contract of
the model, and is the user's word. Nothing is settled by it, and nothing is said of what is shown.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from clew.casefile import Context
from clew.findings.hashsets.known import KnownSet
from clew.findings.perceptual.hits import hit, shown
from clew.records import Match, Tier
from clew.schema import replace

_AT_ONCE = 1 << 12
_MOST = 20
"""Entries listed of one picture; how many more there are is said too."""
Floats = npt.NDArray[np.float32]


class _Shown(msgspec.Struct):
    """Pictures that one model was shown."""

    rows: list[dict[str, Any]]
    vectors: Floats


def hits(context: Context, exact: pa.Table, sets: list[KnownSet]) -> Iterator[Match]:
    """Contents near one that a known set has, every entry listed."""
    entries = _entries(exact, sets)
    if not entries:
        return
    for group in _groups(context.rows("vectors")):
        known = [n for n, row in enumerate(group.rows) if row["source_id"] in entries]
        for start in range(0, len(group.rows) if known else 0, _AT_ONCE):
            asked = group.vectors[start : start + _AT_ONCE]
            apart = 1 - asked @ group.vectors[known].T
            for position, row in enumerate(group.rows[start : start + _AT_ONCE]):
                yield from _hits_of(row, group, known, apart[position], entries)


def _entries(exact: pa.Table, sets: list[KnownSet]) -> dict[str, list[tuple[KnownSet, Any]]]:
    """What known sets say of contents, by content."""
    by_name = {(one.set, one.version): one for one in sets if one.kind == "known"}
    found: dict[str, list[tuple[KnownSet, Any]]] = {}
    listed: set[tuple[str, ...]] = set()
    columns = ["sha256", "set", "version", "record", "category", "disputed"]
    for row in exact.select(columns).to_pylist():
        one = by_name.get((row["set"], row["version"]))
        key = (row["sha256"], row["set"], row["version"], row["record"])
        if one is not None and row["sha256"] and key not in listed:
            listed.add(key)
            found.setdefault(row["sha256"], []).append((one, row))
    return found


def _groups(rows: list[dict[str, Any]]) -> Iterator[_Shown]:
    """Vectors that may be compared: of one model, run in one way."""
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        key = (row["algorithm"], row["version"], row["review_distance"])
        groups.setdefault(key, []).append(row)
    for group in groups.values():
        flat = np.frombuffer(bytes.fromhex("".join(row["vector"] for row in group)), "<f4")
        yield _Shown(group, flat.reshape(len(group), -1).astype(np.float32))


def _hits_of(
    row: dict[str, Any], group: _Shown, known: list[int], apart: Floats, entries: dict[str, Any]
) -> Iterator[Match]:
    """Entries near one picture, the nearest first; each once, by the nearest content it has."""
    best: dict[tuple[str, str, str], Match] = {}
    for near in np.nonzero(apart <= row["review_distance"])[0].tolist():
        other = group.rows[known[near]]
        if other["source_id"] == row["source_id"]:
            continue
        for one, entry in entries[other["source_id"]]:
            one_hit = _hit(row, other, one, entry, float(apart[near]))
            key = (one_hit.set, one_hit.version, one_hit.record)
            if key not in best or one_hit.distance < best[key].distance:
                best[key] = one_hit
    ordered = sorted(best.values(), key=lambda h: (h.distance, h.set, h.version, h.record))
    further = max(len(ordered) - _MOST, 0) or None
    yield from (replace(one, further=further) for one in ordered[:_MOST])


def _hit(
    row: dict[str, Any], other: dict[str, Any], one: KnownSet, entry: dict[str, Any], apart: float
) -> Match:
    return hit(
        one, entry, sha256=row["source_id"], algorithm="embedding",
        distance=max(round(1000 * apart), 0), tier=Tier.REVIEW,
        algorithm_version=f"{row['algorithm']} {row['version']}", decode_path=row["decode_path"],
        query_hash=hashlib.sha256(bytes.fromhex(row["vector"])).hexdigest(),
        known_hash=shown(one, other["source_id"], row["source_id"]),
    )  # fmt: skip
