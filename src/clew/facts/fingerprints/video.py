"""Frames of a video as PDQ of their brightness, and what the container says of itself.

The first pass looks at key frames only, which are decoded without any other: some hundred times
quicker than the film runs. A second pass, where it is asked for, takes a frame a second, or all.
Brightness is the coded plane itself, brought to the full range, as the reference's vPDQ hashes of
the same film show it. Sound is never decoded: packets of other streams are thrown away unread.

References:
    - facebook/ThreatExchange, vpdq/cpp: frame number, quality, hash, time
    - ITU-T H.273: video_full_range_flag; ISO 6709: places as ``+40.4168-003.7038/``
    - Apple, QuickTime File Format: metadata keys ``com.apple.quicktime.*``; times are UTC

"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import version
from typing import IO, Any

import av
import av.error
import numpy as np

from clew.facts.fingerprints.decode import MOST_PIXELS, Picture, Undecodable
from clew.facts.fingerprints.pdq import Plane
from clew.facts.fingerprints.stated import Place, Stated, as_found
from clew.records.media import OffsetBasis

FORMATS = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/3gpp": "mov",
    "video/matroska": "matroska",
    "video/x-msvideo": "avi",
    "video/x-ms-asf": "asf",
    "video/x-flv": "flv",
    "video/mpeg": "mpeg",
}
"""The one demultiplexer that each type is opened by: none that opens other files."""
MOST_FRAMES = 200_000
_FULL_RANGE = 2
_PLANAR = frozenset(
    {"yuv420p", "yuv422p", "yuv444p", "yuv411p", "yuv410p", "yuv440p", "nv12", "nv21", "gray"}
)
_FULL_PLANAR = frozenset({"yuvj420p", "yuvj422p", "yuvj444p", "yuvj440p"})
_MICROSECONDS = 1_000_000
_AV = f"PyAV {version('av')}"
_COLUMNS = {"make": "make", "model": "model", "software": "software", "encoder": "software"}
_PLACE = re.compile(
    r"(?P<lat>[+-]\d{2}(?:\.\d+)?)(?P<lon>[+-]\d{3}(?:\.\d+)?)(?P<alt>[+-]\d+(?:\.\d+)?)?"
)
_AT_A_PLACE = re.compile(r"location|gps|xyz|latitude|longitude|coordinates", re.IGNORECASE)


class Frames(StrEnum):
    """Which frames of a video are hashed, the coarsest first."""

    KEYFRAMES = "keyframes"
    SECONDS = "seconds"
    ALL = "all"


def frames(file: IO[bytes], media_type: str, which: Frames, stated: Stated) -> Iterator[Picture]:
    """Frames of a video in the order they are shown; raises Undecodable."""
    try:
        with av.open(file, format=FORMATS[media_type], metadata_errors="backslashreplace") as film:
            _container(film, stated)
            if not film.streams.video:
                return
            yield from _decoded(film, which)
    except av.error.FFmpegError as error:
        raise Undecodable("damaged", f"it can't be decoded: {error}"[:300]) from error
    except (ValueError, TypeError, ArithmeticError, IndexError, AttributeError) as error:
        told = f"{type(error).__name__}: {error}"[:200]
        raise Undecodable("damaged", f"it can't be decoded: {told}") from error


def _decoded(film: Any, which: Frames) -> Iterator[Picture]:
    stream = film.streams.video[0]
    if stream.width * stream.height > MOST_PIXELS:
        raise Undecodable("limit:pixels", f"it is {stream.width} x {stream.height} pixels")
    stream.codec_context.thread_count = 1
    if which is Frames.KEYFRAMES:
        stream.codec_context.skip_frame = "NONKEY"
    path = f"{_AV} {stream.codec_context.name} {which}"
    rate = float(stream.average_rate or stream.guessed_rate or 0)
    next_ms = -1
    for count, frame in enumerate(film.decode(stream)):
        if count >= MOST_FRAMES:
            raise Undecodable("limit:frames", f"only its first {MOST_FRAMES} frames were hashed")
        at_ms = _at_ms(frame, stream, count, rate)
        if which is Frames.SECONDS:
            if at_ms < next_ms:
                continue
            next_ms = (at_ms // 1000 + 1) * 1000
        number = count if which is not Frames.KEYFRAMES else round(at_ms * rate / 1000)
        yield Picture(_luma(frame), frame.height, frame.width, path, number, at_ms)


def _at_ms(frame: Any, stream: Any, count: int, rate: float) -> int:
    """When a frame is shown, from the start of the film."""
    if frame.pts is None or not frame.time_base:
        return round(count * 1000 / rate) if rate else count
    start = stream.start_time or 0
    return max(round(float((frame.pts - start) * frame.time_base) * 1000), 0)


def _luma(frame: Any) -> Plane:
    """Brightness of a frame over the full range 0-255."""
    name = frame.format.name
    if name not in _PLANAR and name not in _FULL_PLANAR:
        frame, name = frame.reformat(format="yuv420p"), "yuv420p"
    held = frame.planes[0]
    plane = np.frombuffer(held, np.uint8).reshape(-1, held.line_size)
    plane = plane[: frame.height, : frame.width]
    if name in _FULL_PLANAR or name == "gray" or frame.color_range == _FULL_RANGE:
        return np.array(plane)
    return (plane.astype(np.float32) - np.float32(16)) * np.float32(255 / 219)


def _container(film: Any, stated: Stated) -> None:
    for name, raw in sorted(film.metadata.items()):
        _tell("container", name, raw, stated)
    for stream in film.streams:
        for name, raw in sorted(stream.metadata.items()):
            _tell(f"stream/{stream.index}", name, raw, stated)
    columns = stated.columns
    if film.duration and film.duration > 0:
        columns["duration_ms"] = round(film.duration * 1000 / _MICROSECONDS)
    if not film.streams.video:
        return
    stream = film.streams.video[0]
    columns.update(codec=stream.codec_context.name, width=stream.width, height=stream.height)
    if stream.average_rate:
        columns["frame_rate"] = round(float(stream.average_rate), 3)


def _tell(where: str, name: str, raw: str, stated: Stated) -> None:
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


def _place(locator: str, raw: str, basis: str) -> Place:
    found = _PLACE.match(raw)
    latitude = float(found["lat"]) if found and abs(float(found["lat"])) <= 90 else None  # noqa: PLR2004
    longitude = float(found["lon"]) if found and abs(float(found["lon"])) <= 180 else None  # noqa: PLR2004
    altitude = float(found["alt"]) if found and found["alt"] else None
    return Place(
        locator=locator, latitude=latitude, longitude=longitude, altitude_m=altitude,
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
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    stated.columns.update(taken_local=value, taken_at=at.astimezone(UTC), offset_basis=basis)
