"""Videos that share frames with an entry of a set, after vPDQ: how many, both ways, and when.

Only frames with quality 50 or more are asked, each once; those of a video that has none such are
asked too, and flagged. A known video is all entries of one medium that have a time. Four in five
frames of either side make the match near, if any of them tells something. A part, or a known
picture that occurs as a frame, is for review: titles and station logos are shared by many videos.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pyarrow as pa

from clew.casefile import Case
from clew.findings.hashsets.known import KnownSet, as_bytes, as_hex
from clew.findings.looks import hits as h
from clew.findings.looks.hits import Hit
from clew.records.findings import Tier

_FRAMES = """
WITH best AS (
  SELECT source_id, max(quality) AS best FROM fingerprints WHERE algorithm = 'vpdq'
  GROUP BY source_id
)
SELECT value, source_id, min(at_ms) AS at_ms, max(quality) AS quality,
       min(decode_path) AS decode_path, bool_or(simple_graphic) AS simple_graphic
FROM fingerprints JOIN best USING (source_id)
WHERE algorithm = 'vpdq' AND (quality >= 50 OR best < 50)
GROUP BY value, source_id ORDER BY value, source_id
"""
_MOST_OF_IT = 0.8
_MOST = 20
"""Entries told of a video with little in it, in one set; how many more there are is told too."""
_AT_ONCE = 1 << 13


class Shared(msgspec.Struct):
    """The frames that one video shares with one medium of a set."""

    frames: dict[str, dict[str, Any]]
    known: set[str]
    nearest: tuple[bool, int, str, str, dict[str, Any]]
    """The frames that are told: whether they tell nothing, for being featureless or a graphic; the
    bits between them; the frame, and the entry."""


def hits(case: Case, sets: list[KnownSet], gone: dict[tuple[str, str], set[str]]) -> Iterator[Hit]:
    """Contents of which frames look like an entry of a set."""
    searched = [one for one in sets if len(one.fingerprints)]
    frames = case.rows(_FRAMES) if searched else []
    if not frames:
        return
    by_value: dict[str, list[dict[str, Any]]] = {}
    totals: dict[str, int] = {}
    for frame in frames:
        by_value.setdefault(frame["value"], []).append(frame)
        totals[frame["source_id"]] = totals.get(frame["source_id"], 0) + 1
    values = sorted(by_value)
    for one in searched:
        shared = _shared(one, values, by_value, gone[one.set, one.version])
        counts = _known_frames(one, {medium for _, medium in shared})
        found: dict[str, list[Hit]] = {}
        for (content, medium), part in sorted(shared.items()):
            known_total = max(counts.get(medium, 0), len(part.known))
            hit = _hit(one, content, part, totals[content], known_total)
            found.setdefault(content, []).append(hit)
        for told in found.values():
            yield from h.most(told, _MOST)


def _shared(
    one: KnownSet, values: list[str], by_value: dict[str, list[dict[str, Any]]], withdrawn: set[str]
) -> dict[tuple[str, str], Shared]:
    """What each video shares with each medium of the set."""
    shared: dict[tuple[str, str], Shared] = {}
    for start in range(0, len(values), _AT_ONCE):
        some = values[start : start + _AT_ONCE]
        found = one.near.search(as_bytes(pa.array(some), 32), h.NEAR)
        known = as_hex(one.fingerprints[found.entry])
        entries = one.entries_by_fingerprint(known, withdrawn)
        asked = [some[q] for q in found.query.tolist()]
        for value, theirs, distance in zip(asked, known, found.distance.tolist(), strict=True):
            for frame in by_value[value]:
                for entry in entries.get(theirs, ()):
                    _add(shared, frame, entry, distance)
    return shared


def _add(
    shared: dict[tuple[str, str], Shared], frame: dict[str, Any], entry: dict[str, Any],
    distance: int,
) -> None:  # fmt: skip
    key = (frame["source_id"], _medium(entry))
    tells = (
        _enough(frame["quality"]) and _enough(entry["pdq_quality"])
        and not frame["simple_graphic"]
    )  # fmt: skip
    nearest = (not tells, distance, frame["value"], entry["record"], entry)
    part = shared.get(key)
    if part is None:
        part = shared[key] = Shared({}, set(), nearest)
    part.frames[frame["value"]] = frame
    part.known.add(entry["pdq"])
    part.nearest = min(part.nearest, nearest, key=lambda n: n[:4])


def _enough(quality: int | None) -> bool:
    """Whether there is enough in a frame; a set that does not say is taken at its word."""
    return quality is None or quality >= h.ENOUGH


def _medium(entry: dict[str, Any]) -> str:
    """The known video that an entry is a frame of, or else the entry itself."""
    if entry["at_ms"] is None or entry["medium"] is None:
        return f"record {entry['record']}"
    return f"medium {entry['medium']}"


def _known_frames(one: KnownSet, media: set[str]) -> dict[str, int]:
    """How many different frames each known video has in the set."""
    numbers = sorted(m.removeprefix("medium ") for m in media if m.startswith("medium "))
    frames: dict[str, set[str]] = {}
    for entry in one.media(pa.array(numbers, pa.string())).to_pylist():
        if entry["at_ms"] is not None and entry["pdq"] and _enough(entry["pdq_quality"]):
            frames.setdefault(_medium(entry), set()).add(entry["pdq"])
    return {medium: len(held) for medium, held in frames.items()}


def _hit(one: KnownSet, content: str, part: Shared, total: int, known_total: int) -> Hit:
    empty, distance, value, _, entry = part.nearest
    frame = part.frames[value]
    ours, theirs = len(part.frames) / total, len(part.known) / max(known_total, 1)
    whole = entry["at_ms"] is not None and max(ours, theirs) >= _MOST_OF_IT and not empty
    times = sorted(f["at_ms"] for f in part.frames.values() if f["at_ms"] is not None)
    quality = entry["pdq_quality"]
    low = not (_enough(frame["quality"]) and _enough(quality))
    return Hit(
        sha256=content, set=one.set, version=one.version, kind=one.kind, record=entry["record"],
        algorithm="vpdq", distance=distance, tier=Tier.NEAR if whole else Tier.REVIEW,
        quality=frame["quality"], category=entry["category"], decode_path=frame["decode_path"],
        query_hash=value, known_hash=h.shown(one, entry["pdq"], value), known_quality=quality,
        orientation=h.ORIENTATIONS[0], low_quality=low,
        simple_graphic=frame["simple_graphic"], frames_matched=len(part.frames),
        frames_total=total, known_frames_matched=len(part.known), known_frames_total=known_total,
        at_ms=tuple(map(str, times)), disputed=entry["disputed"],
        **h.by_chance(one, distance, frames=total, flagged=low or frame["simple_graphic"]),
    )  # fmt: skip
