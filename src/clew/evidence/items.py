"""Rows for what is seen: ids, paths as text, and the identity of a whole exhibit."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from clew.evidence.digests import Digests
from clew.evidence.signatures import media_type
from clew.records import Item, ItemKind, Outcome
from clew.schema import Id
from clew.words.reasons import parted

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST_NS = 253_402_300_799_000_000_000
"""End of the year 9999: later times of a file system can't be written as a date."""


def item_id(exhibit_id: str, parent: str | None, name: bytes, ordinal: int = -1) -> Id[Item]:
    """Id of an item: the same for the same path on the same exhibit, in every run."""
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


def content_columns(
    kind: ItemKind, problem: str | None, digests: Digests, size: int | None
) -> dict[str, Any]:
    """Columns of an item that say what it holds, and what became of it.

    ``size`` is what was stated of one whose content was not read, or not to its end.
    """
    was_read = kind == ItemKind.FILE and problem is None
    outcome, reason = _outcome(kind, problem)
    code, figures = parted(reason) if reason else (None, ())
    return {
        "kind": kind, "size": digests.size if was_read else size,
        "md5": digests.md5 if was_read else None, "sha1": digests.sha1 if was_read else None,
        "sha256": digests.sha256 if was_read else None,
        "media_type": media_type(digests.head) if was_read else None, "outcome": outcome,
        "reason": code, "figures": figures,
    }  # fmt: skip


def _outcome(kind: ItemKind, problem: str | None) -> tuple[Outcome, str | None]:
    """What becomes of an item of this kind, and why."""
    if problem:
        skipped = problem.startswith(("sparse", "deleted:", "unallocated"))
        return (Outcome.SKIPPED if skipped else Outcome.FAILED), problem
    if kind == ItemKind.SYMLINK:
        return Outcome.SKIPPED, "symlink"
    if kind in (ItemKind.FILE, ItemKind.DIRECTORY):
        return Outcome.PROCESSED, None
    return Outcome.SKIPPED, f"special:{kind}"


_IDENTITY = ("path", "path_raw", "kind", "size", "sha256", "outcome", "reason")


def content_sha256(parts: Iterable[pa.RecordBatch]) -> str:
    """Identity of an exhibit: the digest of all its items, whatever the exhibit is called."""
    digest = hashlib.sha256()
    for part in parts:
        columns = [part.column(name).to_pylist() for name in _IDENTITY]
        for row in zip(*columns, strict=True):
            digest.update(repr(row).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()
