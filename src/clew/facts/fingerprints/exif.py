"""EXIF: camera, times and place, each with the tag it stands in.

A camera's time is local. Its offset from UTC is known where the file states it, or where the
satellites' time, which is UTC, stands beside it; else it stays local, and no offset is assumed.

References:
    - CIPA DC-008 (EXIF 2.32): OffsetTimeOriginal 0x9011, SubSecTimeOriginal 0x9291,
      BodySerialNumber 0xA431; GPS tags in 4.6.6
    - TIFF 6.0: image file directories

"""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from PIL import ExifTags, Image

from clew.facts.fingerprints.results import NOWHERE
from clew.facts.fingerprints.stated import Stated, as_found, text
from clew.records import MediaPlace, OffsetBasis

_EXIF, _GPS = 0x8769, 0x8825
_POINTERS = frozenset({_EXIF, _GPS, 0xA005, 0x014A})
_LARGE = frozenset({0x927C, 0xEA1C, 0x02BC, 0x83BB, 0x8649, 0x8773, 0x0111, 0x0117})
"""Maker notes, padding, XMP, IPTC, Photoshop, colour profile, strips: named and not unfolded."""
_COLUMNS = {0x010F: "make", 0x0110: "model", 0x0131: "software", 0xA431: "serial"}
_ORIENTATION = 0x0112
_TIMES = (
    (_EXIF, 0x9003, 0x9011, 0x9291),
    (_EXIF, 0x9004, 0x9012, 0x9292),
    (0, 0x0132, 0x9010, 0x9290),
)
"""Time of taking, of digitising, of last change: each with its offset and its fractions."""
_TIME = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")
_QUARTER = 900
_NEAR = 120
"""Seconds by which a camera's and the satellites' clock may differ from a quarter of an hour."""
_FURTHEST = 14 * 3600

_ABSURD = 1e9

Tags = Mapping[int, Any]


def state(data: bytes, stated: Stated) -> None:
    """Tell what a block of EXIF says; what can't be read of it is a detail too."""
    exif = Image.Exif()
    try:
        exif.load(data)
        folders = {0: dict(exif), _EXIF: exif.get_ifd(_EXIF), _GPS: exif.get_ifd(_GPS)}
    except Exception as error:
        stated.tell("exif", "exif.damaged", f"{type(error).__name__}: {error}"[:200], "exif")
        return
    for folder in (0, _EXIF):
        _tags(folder, folders[folder], stated)
    fixed_at = _place(folders[_GPS], stated)
    _taken(folders, fixed_at, stated)


def _tags(folder: int, tags: Tags, stated: Stated) -> None:
    for tag, raw in sorted(tags.items()):
        if tag in _POINTERS:
            continue
        name = ExifTags.TAGS.get(tag, f"0x{tag:04x}")
        large = f"{len(raw)} bytes" if isinstance(raw, bytes) else "not unfolded"
        shown = large if tag in _LARGE else raw
        value = stated.tell(_locator(folder, tag), f"exif.{name}", shown, "exif")
        if value and tag in _COLUMNS:
            stated.columns.setdefault(_COLUMNS[tag], value)
        if tag == _ORIENTATION and isinstance(raw, int) and 1 <= raw <= 8:
            stated.columns["orientation"] = raw


def _taken(folders: Mapping[int, Tags], fixed_at: datetime | None, stated: Stated) -> None:
    """Set the time of taking: the first of the three times that is one."""
    for folder, tag, offset_tag, fraction_tag in _TIMES:
        local = _local(folders[folder].get(tag), folders[_EXIF].get(fraction_tag))
        if local is None:
            continue
        offset, basis = _offset(folders[_EXIF].get(offset_tag), local, fixed_at)
        stated.columns["taken_local"] = text(folders[folder][tag])
        stated.columns["offset_basis"] = basis
        if offset is not None:
            stated.columns["taken_at"] = _in_utc(local, offset)
        return


def _in_utc(local: datetime, offset: timedelta) -> datetime | None:
    try:
        return local.replace(tzinfo=timezone(offset)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _local(raw: Any, fraction: Any) -> datetime | None:
    """A time as EXIF writes it, ``2024:05:31 12:00:00``; blanks and zeros are none."""
    found = _TIME.match(text(raw)) if raw is not None else None
    if not found:
        return None
    digits = re.match(r"\d{1,6}", text(fraction)) if fraction is not None else None
    try:
        year, month, day, hour, minute, second = map(int, found.groups())
        whole = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    return whole.replace(microsecond=int(digits.group().ljust(6, "0"))) if digits else whole


def _offset(
    raw: Any, local: datetime, fixed_at: datetime | None
) -> tuple[timedelta | None, OffsetBasis]:
    found = _OFFSET.match(text(raw)) if raw is not None else None
    if found:
        seconds = int(found[2]) * 3600 + int(found[3]) * 60
        return timedelta(seconds=-seconds if found[1] == "-" else seconds), OffsetBasis.STATED
    if fixed_at:
        apart = (local - fixed_at.replace(tzinfo=None)).total_seconds()
        quarters = round(apart / _QUARTER) * _QUARTER
        if abs(quarters) <= _FURTHEST and abs(apart - quarters) <= _NEAR:
            return timedelta(seconds=quarters), OffsetBasis.SATELLITE
    return None, OffsetBasis.UNKNOWN


def _place(tags: Tags, stated: Stated) -> datetime | None:
    """Keep the place, if any is stated, and return the time of the fix."""
    if not tags:
        return None
    fixed_at = _fix(tags)
    height = _number(tags.get(6))
    below = text(tags.get(5, 0)) in {"1", "\x01"} or tags.get(5) in {1, b"\x01"}
    raw = "; ".join(
        f"{ExifTags.GPSTAGS.get(tag, tag)}={as_found(value)}" for tag, value in sorted(tags.items())
    )
    stated.places.append(
        MediaPlace(
            **NOWHERE,
            locator="exif/gps",
            latitude=_degrees(tags.get(2), tags.get(1), "S", 90),
            longitude=_degrees(tags.get(4), tags.get(3), "W", 180),
            altitude_m=-height if height is not None and below else height,
            fixed_at=fixed_at,
            value_raw=raw[:2000],
            basis="exif",
        )
    )
    return fixed_at


def _degrees(parts: Any, side: Any, negative: str, most: float) -> float | None:
    """Degrees, minutes and seconds as one number; None where they are none."""
    if not isinstance(parts, tuple) or not 1 <= len(parts) <= 3:
        return None
    numbers = [_number(part) for part in parts]
    if any(number is None for number in numbers):
        return None
    degrees = sum((number or 0.0) / 60**power for power, number in enumerate(numbers))
    if not 0 <= degrees <= most:
        return None
    signed: float = -degrees if text(side or "").upper() == negative else degrees
    return round(signed, 7)


def _fix(tags: Tags) -> datetime | None:
    date = re.match(r"(\d{4})[:-](\d\d)[:-](\d\d)", text(tags.get(29, "")))
    clock = tags.get(7)
    if not date or not isinstance(clock, tuple) or len(clock) != 3:
        return None
    parts = [_number(part) for part in clock]
    if any(part is None for part in parts):
        return None
    hours, minutes, seconds = (part or 0.0 for part in parts)
    try:
        day = datetime.fromisoformat("-".join(date.groups())).replace(tzinfo=UTC)
        return day + timedelta(hours=hours, minutes=minutes, seconds=round(seconds, 3))
    except (ValueError, OverflowError):
        return None


def _number(raw: Any) -> float | None:
    """A rational as a number; None for what is divided by zero."""
    try:
        number: float = float(raw)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) < _ABSURD else None


def _locator(folder: int, tag: int) -> str:
    return f"exif/0x{tag:04x}" if folder == 0 else f"exif/0x{folder:04x}/0x{tag:04x}"
