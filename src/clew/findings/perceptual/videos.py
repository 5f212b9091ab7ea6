"""Videos that share frames with an entry of a set, after vPDQ: how many, both ways, and when.

Only frames with quality 50 or more are asked, each once, and in all eight orientations: people
mirror films. Those of a video that has none such are asked too, and flagged. A known video is all
entries of one medium that have a time. Four in five frames of either side make the match near; but
one frame alone is a picture, and not a film, unless it is all that both have. A part, a known
picture that occurs as a frame, or a cover is for review: titles and station logos are shared by
many videos.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa

from clew.casefile import Context
from clew.findings.hashsets.known import KnownSet, as_bytes, as_hex
from clew.findings.perceptual import hits as h
from clew.records import Match, Tier
from clew.records.perceptual import ENOUGH, NEAR

_NEAR = pa.schema(
    {"look": pa.int32(), "known": pa.int32(), "distance": pa.int16(), "way": pa.int8()}
)
_MOST_OF_IT = 0.8
_MOST = 20
"""Entries listed of a video with little in it, in one set; how many more there are is said too."""
_AT_ONCE = 1 << 22
"""Pairs of frames that are collected before only what they say is kept."""


def hits(
    context: Context, sets: list[KnownSet], gone: dict[tuple[str, str], set[str]]
) -> Iterator[Match]:
    """Contents of which frames look like an entry of a set."""
    searched = [one for one in sets if len(one.fingerprints)]
    if not searched:
        return
    with context.once("poor_videos", "video_looks", "video_asked"):
        turned = [context.query("video_turned", way=way) for way in range(len(h.ORIENTATIONS))]
        for one in searched if turned[0].num_rows else ():
            met = _Met(context, one, gone[one.set, one.version])
            for near in _near(one, turned):
                met.add(near)
            yield from met.hits()


class _Met:
    """What videos share with a set; the pairs of frames that say so are not kept.

    Before a fixed camera every frame is near every other: two hours of it, a frame a second, are
    fifty million pairs with a copy of themselves.
    """

    def __init__(self, context: Context, one: KnownSet, withdrawn: set[str]) -> None:
        self._context, self._one, self._withdrawn = context, one, withdrawn
        self._entries: list[tuple[int, dict[str, Any]]] = []
        self._known = np.empty(0, np.int64)
        self._looks: list[pa.Table] = []
        self._frames: list[pa.Table] = []

    def add(self, near: pa.Table) -> None:
        """Take pairs of a look, turned in some way, and a fingerprint of the set in."""
        met = np.unique(near.column("known").to_numpy())
        self._entries += _entries(self._one, np.setdiff1d(met, self._known), self._withdrawn)
        self._known = np.union1d(self._known, met)
        frames = _frames(self._entries)
        with self._context.engine.with_tables(known_frames=frames, near_looks=near):
            self._looks.append(self._context.query("video_met_looks"))
            self._frames.append(self._context.query("video_met_frames"))

    def hits(self) -> Iterator[Match]:
        """Every video and what it shares with each medium of the set."""
        if not self._entries:
            return
        met = {
            "known_frames": _frames(self._entries),
            "met_looks": pa.concat_tables(self._looks),
            "met_frames": pa.concat_tables(self._frames),
        }
        with self._context.engine.with_tables(**met):
            shared = self._context.rows("video_hits")
        totals = _known_totals(self._one, {row["medium"] for row in shared})
        for _, of_one in groupby(shared, key=itemgetter("source_id")):
            hits = [
                _hit(self._one, row, self._entries[row["entry"]][1], totals.get(row["medium"], 0))
                for row in of_one
            ]
            yield from h.most(hits, _MOST)


def _near(one: KnownSet, turned: list[pa.Table]) -> Iterator[pa.Table]:
    """Pairs of a look, turned in each way, and a fingerprint of the set, some million at a time."""
    parts: list[pa.Table] = []
    for way, table in enumerate(turned):
        for part in _in_way(one, table, way):
            parts.append(part)
            if sum(map(len, parts)) >= _AT_ONCE:
                yield pa.concat_tables(parts)
                parts = []
    if parts:
        yield pa.concat_tables(parts)


def _in_way(one: KnownSet, asked: pa.Table, way: int) -> Iterator[pa.Table]:
    looks = asked.column("look").to_numpy()
    for found in one.near.pairs(as_bytes(asked.column("asked"), 32), NEAR):
        columns = {
            "look": looks[found.query],
            "known": found.entry.astype(np.int32),
            "distance": found.distance.astype(np.int16),
            "way": np.full(len(found.query), way, np.int8),
        }
        yield pa.table(columns, _NEAR)


def _entries(one: KnownSet, wanted: Any, withdrawn: set[str]) -> list[tuple[int, dict[str, Any]]]:
    """The entries behind some fingerprints of the set, with the position of their fingerprint."""
    known = as_hex(one.fingerprints[wanted])
    entries = one.entries_by_fingerprint(known, withdrawn)
    positions = zip(known, wanted.tolist(), strict=True)
    return [(position, entry) for value, position in positions for entry in entries.get(value, ())]


def _frames(entries: list[tuple[int, dict[str, Any]]]) -> pa.Table:
    rows = [
        {
            "known": known,
            "position": position,
            "medium": _medium(entry),
            "enough": _enough(entry["pdq_quality"]),
        }
        for position, (known, entry) in enumerate(entries)
    ]
    kinds = {
        "known": pa.int32(),
        "position": pa.int64(),
        "medium": pa.string(),
        "enough": pa.bool_(),
    }
    return pa.Table.from_pylist(rows, pa.schema(kinds))


def _enough(quality: int | None) -> bool:
    """Whether there is enough in a frame; a set that does not say is taken at its word."""
    return quality is None or quality >= ENOUGH


def _medium(entry: dict[str, Any]) -> str:
    """The known video that an entry is a frame of, or else the entry itself."""
    if entry["at_ms"] is None or entry["medium"] is None:
        return f"record {entry['record']}"
    return f"medium {entry['medium']}"


def _known_totals(one: KnownSet, media: set[str]) -> dict[str, int]:
    """How many different frames each known video has in the set."""
    numbers = sorted(m.removeprefix("medium ") for m in media if m.startswith("medium "))
    frames: dict[str, set[str]] = {}
    for entry in one.media(pa.array(numbers, pa.string())).to_pylist():
        if entry["at_ms"] is not None and entry["pdq"] and _enough(entry["pdq_quality"]):
            frames.setdefault(_medium(entry), set()).add(entry["pdq"])
    return {medium: len(listed) for medium, listed in frames.items()}


def _is_near(matched: int, total: int, known: int, known_total: int) -> bool:
    """Whether so many frames of a film, and of a known one, make them one film."""
    if not matched:
        return False
    shares = (matched / total, known / known_total)
    if min(matched, known) == 1:
        return min(shares) >= _MOST_OF_IT
    return max(shares) >= _MOST_OF_IT


def _hit(one: KnownSet, row: dict[str, Any], entry: dict[str, Any], known_total: int) -> Match:
    known_total = max(known_total, row["known_matched"])
    of_a_film = entry["at_ms"] is not None
    near = of_a_film and _is_near(
        row["telling"], row["telling_total"], row["known_telling"], known_total
    )
    quality = entry["pdq_quality"]
    low = not (_enough(row["quality"]) and _enough(quality))
    graphic = row["simple_graphic"] or (
        of_a_film
        and not (near or low)
        and _is_near(row["matched"], row["total"], row["known_matched"], known_total)
    )
    return h.hit(
        one, entry, sha256=row["source_id"], algorithm="vpdq", distance=row["distance"],
        tier=Tier.NEAR if near else Tier.REVIEW, quality=row["quality"],
        decode_path=row["decode_path"], query_hash=row["value"],
        known_hash=h.shown(one, entry["pdq"], row["value"]), known_quality=quality,
        orientation=h.ORIENTATIONS[row["way"]],
        low_quality=low, simple_graphic=graphic, frames_matched=row["matched"],
        frames_total=row["total"], known_frames_matched=row["known_matched"],
        known_frames_total=known_total, at_ms=tuple(map(str, row["at_ms"] or ())),
        **h.by_chance(one, row["distance"], frames=row["total"], flagged=low or graphic),
    )  # fmt: skip
