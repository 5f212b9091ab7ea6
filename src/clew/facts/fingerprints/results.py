"""What a worker sends of one file, and the rows that it becomes.

A worker has read hostile bytes: what it sends is checked against these types to the letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import msgspec

from clew.records import Fingerprint, MediaDetail, MediaFile, MediaPlace, Severity, Unread
from clew.schema import Id, Row, from_builtins
from clew.words.reasons import parted

READER = "fingerprint"
GONE = "gone:"
"""Begins the code of a content whose bytes can't be had any more; it is tried in every run."""


NOWHERE: dict[str, Any] = {"exhibit_id": Id(""), "source_id": ""}
"""Columns of a row that a worker makes, which does not know where its bytes came from."""
_TABLES = {row.table_name: row for row in (Fingerprint, MediaDetail, MediaPlace)}


class Vector(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a model made of a picture."""

    vector: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{8})+$")]
    decode_path: str


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A content that is to be worked on."""

    exhibit_id: str
    item_id: str
    path: str
    sha256: str
    media_type: str
    size: int


class Part(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a worker sends of one file; a video comes in several parts, the last is the end."""

    number: int
    """Which file of those that were handed over."""
    rows: dict[str, list[dict[str, Any]]] = {}
    """Rows by table; they name no exhibit and no source."""
    columns: dict[str, Any] = {}
    """Columns of ``media_files``."""
    vector: Vector | None = None
    problem: tuple[str, tuple[str, ...]] | None = None
    """Code and figures of what could not be read."""
    end: bool = False


def sent(number: int, found: Iterable[Row] = (), **more: Any) -> dict[str, Any]:
    """A part as a worker sends it, with rows that are of no exhibit and no source."""
    rows: dict[str, list[Row]] = {}
    for row in found:
        rows.setdefault(type(row).table_name, []).append(row)
    part: dict[str, Any] = msgspec.to_builtins(Part(number=number, rows=rows, **more))  # type: ignore[arg-type]
    return part


_MOST_ROWS = 4_000_000


class Result(msgspec.Struct, kw_only=True):
    """What became of one file."""

    rows: list[Row] = []
    vector: Vector | None = None
    problem: tuple[str, tuple[str, ...]] | None = None

    @classmethod
    def failed(cls, reason: str) -> Result:
        """The result of a file of which nothing could be had."""
        return cls(problem=parted(reason))

    def add(self, part: Part, wanted: Wanted) -> None:
        """Take a part in; raise msgspec.ValidationError where its rows do not fit their tables."""
        whole = _whole(wanted)
        source = {name: whole[name] for name in NOWHERE}
        for name, rows in part.rows.items():
            self.rows += [_row(_TABLES.get(name), values | source) for values in rows]
        if part.end:
            self.rows.append(_row(MediaFile, part.columns | whole))
        if len(self.rows) > _MOST_ROWS:
            raise msgspec.ValidationError("more rows than a film has frames")
        self.vector, self.problem = part.vector, part.problem


def rows(wanted: Wanted, result: Result) -> Iterator[Row]:
    """Rows for a file: one in ``media_files``, unless its bytes were gone."""
    if result.problem is None or not result.problem[0].startswith(GONE):
        yield from result.rows or [_row(MediaFile, _whole(wanted))]
    if result.problem:
        decoded = any(isinstance(row, Fingerprint) for row in result.rows)
        yield unread(wanted, *result.problem, partly=decoded)


def _whole(wanted: Wanted) -> dict[str, Any]:
    """Columns of ``media_files`` that no worker is asked about."""
    return {
        "exhibit_id": wanted.exhibit_id, "source_id": wanted.sha256, "locator": "file",
        "media_type": wanted.media_type,
    }  # fmt: skip


def _row(table: type[Row] | None, values: dict[str, Any]) -> Row:
    try:
        if table is not None:
            return from_builtins(table, values)
    except (KeyError, TypeError) as error:
        raise msgspec.ValidationError(f"a row does not fit: {error}") from error
    raise msgspec.ValidationError("rows of a table that is not asked for")


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
