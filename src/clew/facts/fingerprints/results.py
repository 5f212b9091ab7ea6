"""What a worker sends of one file, and the rows that it becomes.

A worker has read hostile bytes: what it sends is checked against these types to the letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import msgspec

from clew.facts.fingerprints.stated import Detail, Place
from clew.records.facts import Fingerprint, Severity, Unread
from clew.records.media import MediaDetail, MediaFile, MediaPlace, OffsetBasis
from clew.schema import Id, Row
from clew.words.reasons import parted

READER = "fingerprint"
GONE = "gone:"
"""Begins the code of a content whose bytes can't be had any more; it is tried in every run."""
Bits = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class Face(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One hash of a picture or frame."""

    locator: str
    algorithm: str
    value: Bits
    turned: tuple[Bits, ...]
    quality: Annotated[int, msgspec.Meta(ge=0, le=100)]
    width: int
    height: int
    frame: int | None
    at_ms: int | None
    decode_path: str
    simple_graphic: bool


class Columns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Columns of ``media_files``."""

    width: int | None = None
    height: int | None = None
    orientation: int | None = None
    make: str | None = None
    model: str | None = None
    serial: str | None = None
    software: str | None = None
    taken_local: str | None = None
    taken_at: datetime | None = None
    offset_basis: OffsetBasis | None = None
    quantisation_fingerprint: Bits | None = None
    duration_ms: int | None = None
    codec: str | None = None
    frame_rate: float | None = None


class Vector(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a model made of a picture."""

    vector: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{8})+$")]
    decode_path: str


class FileResult(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What was seen in one file; a video comes in several parts, the last of which is the end."""

    number: int
    """Which file of those that were handed over."""
    faces: list[Face] = []
    columns: Columns = Columns()
    details: list[Detail] = []
    places: list[Place] = []
    vector: Vector | None = None
    problem: tuple[str, tuple[str, ...]] | None = None
    """Code and figures of what could not be read."""
    end: bool = False

    @classmethod
    def failed(cls, reason: str) -> FileResult:
        """The result of a file of which nothing could be had."""
        return cls(number=0, problem=parted(reason), end=True)

    def add(self, part: FileResult) -> None:
        """Take a further part in."""
        self.faces += part.faces
        self.details += part.details
        self.places += part.places
        if part.end:
            self.columns, self.problem, self.end = part.columns, part.problem, True
            self.vector = part.vector


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A content that is to be worked on."""

    exhibit_id: str
    item_id: str
    path: str
    sha256: str
    media_type: str
    size: int


def rows(wanted: Wanted, result: FileResult) -> Iterator[Row]:
    """Rows for what was seen in a file: one in ``media_files``, unless its bytes were gone."""
    exhibit_id, source_id = Id(wanted.exhibit_id), wanted.sha256  # type: ignore[var-annotated]
    if result.problem and result.problem[0].startswith(GONE):
        yield unread(wanted, *result.problem)
        return
    for face in result.faces:
        yield Fingerprint(exhibit_id=exhibit_id, source_id=source_id, **_fields(face))
    yield MediaFile(
        exhibit_id=exhibit_id, source_id=source_id, locator="file", media_type=wanted.media_type,
        **_fields(result.columns),
    )  # fmt: skip
    for detail in result.details:
        yield MediaDetail(exhibit_id=exhibit_id, source_id=source_id, **_fields(detail))
    for place in result.places:
        yield MediaPlace(exhibit_id=exhibit_id, source_id=source_id, **_fields(place))
    if result.problem:
        yield unread(wanted, *result.problem, partly=bool(result.faces))


def unread(
    wanted: Wanted,
    code: str,
    figures: tuple[str, ...],
    *,
    partly: bool = False,
    reader: str = READER,
) -> Unread:
    """A row for what could not be decoded, or not to its end."""
    return Unread(
        exhibit_id=Id(wanted.exhibit_id),
        source_id=wanted.sha256,
        locator="file",
        item_id=Id(wanted.item_id),
        path=wanted.path,
        reader=reader,
        severity=Severity.WARNING if partly else Severity.ERROR,
        code=code,
        figures=figures,
    )


def _fields(held: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(held, name) for name in held.__struct_fields__}
