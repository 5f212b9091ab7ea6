"""What the container of a video says of the film: its coding, its length, its time and its place.

References:
    - ISO 6709: places as ``+40.4168-003.7038/``
    - Apple, QuickTime File Format: metadata keys ``com.apple.quicktime.*``; times are UTC

"""

import re
from datetime import UTC, datetime
from typing import IO, Any

from clew.facts.fingerprints.results import NOWHERE
from clew.facts.fingerprints.stated import Stated, as_found
from clew.records import MediaPlace, OffsetBasis

_MICROSECONDS = 1_000_000
_MOST_BOXES = 10_000
"""Boxes of an MP4 that are looked at: a film in fragments has one for each second."""
_COLUMNS = {"make": "make", "model": "model", "software": "software", "encoder": "software"}
_PLACE = re.compile(
    r"(?P<lat>[+-]\d{2}(?:\.\d+)?)(?P<lon>[+-]\d{3}(?:\.\d+)?)(?P<alt>[+-]\d+(?:\.\d+)?)?"
)
_AT_A_PLACE = re.compile(r"location|gps|xyz|latitude|longitude|coordinates", re.IGNORECASE)


def state(film: Any, stated: Stated) -> None:
    """Tell what an open container says of itself and of its streams."""
    for name, raw in sorted(film.metadata.items()):
        tell("container", name, raw, stated)
    for stream in film.streams:
        for name, raw in sorted(stream.metadata.items()):
            tell(f"stream/{stream.index}", name, raw, stated)
    if film.duration and film.duration > 0:
        stated.columns["duration_ms"] = round(film.duration * 1000 / _MICROSECONDS)


def second_film(file: IO[bytes]) -> int | None:
    """Where in an MP4 another one begins that was written behind it; no player gets there."""
    at = 0
    for _ in range(_MOST_BOXES):
        file.seek(at)
        head = file.read(16)
        if at and head[4:8] == b"ftyp":
            return at
        size = int.from_bytes(head[:4]) if head[:4] != b"\0\0\0\x01" else int.from_bytes(head[8:])
        if len(head) < 8 or size < 8:  # the head of a box
            return None
        at += size
    return None


def coding(stream: Any, stated: Stated) -> None:
    """Tell how the pictures of the film are coded."""
    stated.columns.update(
        codec=stream.codec_context.codec.canonical_name, width=stream.width, height=stream.height
    )
    if stream.average_rate:
        stated.columns["frame_rate"] = round(float(stream.average_rate), 3)


def tell(where: str, name: str, raw: str, stated: Stated) -> None:
    """Keep one property; a place goes to the places, even where it can't be read."""
    basis = where.partition("/")[0]
    locator = f"{where}/{name}"
    if _AT_A_PLACE.search(name) or _PLACE.match(raw):
        stated.places.append(_place(locator, raw, basis))
        return
    value = stated.tell(locator, f"{basis}.{name}", raw, basis)
    short = name.rpartition(".")[2].lower()
    if value and short in _COLUMNS:
        stated.columns.setdefault(_COLUMNS[short], value)
    if short in {"creation_time", "creationdate"} and value:
        _taken(short, value, stated)


def _place(locator: str, raw: str, basis: str) -> MediaPlace:
    found = _PLACE.match(raw)
    latitude = float(found["lat"]) if found and abs(float(found["lat"])) <= 90 else None
    longitude = float(found["lon"]) if found and abs(float(found["lon"])) <= 180 else None
    altitude = float(found["alt"]) if found and found["alt"] else None
    return MediaPlace(
        **NOWHERE, locator=locator, latitude=latitude, longitude=longitude, altitude_m=altitude,
        value_raw=as_found(raw), basis=basis,
    )  # fmt: skip


def _taken(name: str, value: str, stated: Stated) -> None:
    """Apple's creationdate has its offset; creation_time is UTC by the format."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return
    stated_offset = name == "creationdate" and at.tzinfo is not None
    if not stated_offset and "taken_local" in stated.columns:
        return
    basis = OffsetBasis.STATED if stated_offset else OffsetBasis.CONTAINER_UTC
    try:
        taken_at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return
    stated.columns.update(taken_local=value, taken_at=taken_at, offset_basis=basis)
