"""Rows for what is seen: ids, paths as text, and the identity of a whole exhibit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from clew.records.evidence import Item
from clew.schema import Id

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST_NS = 253_402_300_799_000_000_000
"""End of the year 9999: later times of a file system can't be written as a date."""


def item_id(exhibit_id: str, parent: str | None, name: bytes, ordinal: int = -1) -> Id[Item]:
    """Id of an item: the same for the same place on the same exhibit, in every run."""
    digest = hashlib.blake2b(digest_size=10)
    for part in (exhibit_id.encode(), (parent or "").encode(), name, str(ordinal).encode()):
        digest.update(len(part).to_bytes(4, "big") + part)
    return Id(digest.hexdigest())


def as_text(path: bytes) -> tuple[str, str | None]:
    """A path as text, and its bytes in hexadecimal where they are not UTF-8."""
    try:
        return path.decode("utf-8"), None
    except UnicodeDecodeError:
        return path.decode("utf-8", "backslashreplace"), path.hex()


def as_time(nanoseconds: int | None) -> datetime | None:
    """A file system's time in UTC; None where no calendar has it."""
    if nanoseconds is None or not 0 <= nanoseconds <= _LATEST_NS:
        return None
    return _EPOCH + timedelta(microseconds=nanoseconds // 1000)


_IDENTITY = ("path", "path_raw", "kind", "size", "sha256", "outcome", "reason")


def content_sha256(parts: Iterable[pa.RecordBatch]) -> str:
    """Identity of an exhibit: the digest of all its items, whatever the exhibit is called."""
    digest = hashlib.sha256()
    for part in parts:
        columns = [part.column(name).to_pylist() for name in _IDENTITY]
        for row in zip(*columns, strict=True):
            digest.update(repr(row).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()
