"""What pictures and videos say of themselves: camera, time, place, compression.

Places have a table of their own, so that they can be withheld wherever the case is shown.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from clew.records.evidence import Sha256
from clew.records.facts import Fact
from clew.schema import Degrees, FreeText, LocalTime, Place, Raw, Term


class OffsetBasis(StrEnum):
    """How the offset of a camera's local time from UTC is known."""

    STATED = "stated"
    """The file states it, as EXIF's OffsetTimeOriginal or a container's time with its offset."""
    SATELLITE = "satellite"
    """From the satellites' UTC time beside the local one."""
    CONTAINER_UTC = "container_utc"
    """The container's format defines the time as UTC; some devices write local time there."""
    UNKNOWN = "unknown"
    """The time is local, and nothing says where."""


class MediaFile(Fact, table="media_files", key=("exhibit_id", "source_id")):
    """A picture or video that was looked at, with what it says of itself; one row a content.

    Whoever can write a file can write these: they say what the file states, not what happened.
    """

    media_type: FreeText
    """Type told by its first bytes."""
    width: int | None = None
    """Width in pixels, as stored."""
    height: int | None = None
    """Height in pixels."""
    orientation: int | None = None
    """EXIF orientation 1-8; it is recorded and not applied."""
    make: FreeText | None = None
    """Maker of the camera or phone."""
    model: FreeText | None = None
    """Model of the camera or phone."""
    serial: FreeText | None = None
    """Serial number of the camera's body."""
    software: FreeText | None = None
    """Program or firmware that wrote it."""
    taken_local: LocalTime | None = None
    """Time of taking as it stands in the file."""
    taken_at: datetime | None = None
    """The same in UTC, where the offset is known."""
    offset_basis: OffsetBasis | None = None
    """How the offset is known; empty where there is no time."""
    quantisation_fingerprint: Sha256 | None = None
    """SHA-256 over a JPEG's quantisation tables: the same for files that one encoder wrote."""
    duration_ms: int | None = None
    """Length of a video in milliseconds."""
    codec: Term | None = None
    """Coding of a video's pictures, such as ``h264``."""
    frame_rate: float | None = None
    """Frames in a second, on average."""


class MediaDetail(Fact, table="media_details"):
    """One thing that a picture or video says of itself; never a place."""

    property: Term
    """Name, such as ``exif.DateTimeOriginal`` or ``container.creation_time``."""
    value: FreeText
    """As text."""
    value_raw: Raw
    """As it stands in the file; bytes in hexadecimal after ``x:``."""
    basis: Term
    """Where in the format it stands: ``exif``, ``jpeg``, ``png``, ``container`` or ``stream``."""


class MediaPlace(Fact, table="media_places"):
    """Where a picture or video says it was taken: withheld wherever it is not asked for."""

    latitude: Degrees | None = None
    """Degrees north, negative in the south (WGS 84 unless the file says otherwise)."""
    longitude: Degrees | None = None
    """Degrees east, negative in the west."""
    altitude_m: Degrees | None = None
    """Metres above sea level."""
    fixed_at: datetime | None = None
    """UTC time of the satellite fix."""
    value_raw: Place
    """As it stands in the file; where places are withheld, ``withheld``."""
    basis: Term
    """Where in the format it stands: ``exif``, ``png``, ``container`` or ``stream``."""
