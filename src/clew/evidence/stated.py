"""A member as its archive states it, and what a worker sends of it to the other side."""

import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from clew.words.reasons import figures

Frame = dict[str, Any] | bytes
"""``{"member": …}``, its bytes in chunks, ``{"end": problem}``; between members ``{"flags": …}``,
and at the end ``{"problem": …}`` where something is wrong with the archive as a whole."""


Flagged = tuple[str, tuple[str, ...]]
"""Code and figures of something odd that stopped nothing."""


def flagged(code: str, **values: Any) -> Flagged:
    """Something odd, with its figures."""
    return code, figures(**values)


KINDS = {
    stat.S_IFREG: "file", stat.S_IFDIR: "directory", stat.S_IFLNK: "symlink", stat.S_IFIFO: "fifo",
    stat.S_IFSOCK: "socket", stat.S_IFCHR: "char_device", stat.S_IFBLK: "block_device",
}  # fmt: skip
"""Kinds of item by the file type of a Unix mode, ``stat.S_IFMT(mode)``."""
_CHUNK = 1 << 20


def chunked(size: int, read: Callable[[int, int], Any]) -> Iterator[bytes]:
    """Bytes of a content of this size, from what reads some of them at an offset."""
    at = 0
    while at < size:
        chunk = bytes(read(at, min(_CHUNK, size - at)))
        if not chunk:
            return
        yield chunk
        at += len(chunk)


def unix_time(seconds: int | None) -> datetime | None:
    """A time in seconds since 1970; None where there is none, or no calendar has it."""
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """What an archive states of a member before its content."""

    ordinal: int
    name: bytes
    kind: str
    mtime: datetime | None
    size_stated: int | None
    flags: tuple[Flagged, ...] = ()
    """What is odd about it."""

    def as_dict(self) -> dict[str, Any]:
        """As it goes over the line."""
        return {
            "ordinal": self.ordinal, "name": self.name.hex(), "kind": self.kind,
            "mtime": self.mtime, "size_stated": self.size_stated,
            "flags": [list(flag) for flag in self.flags],
        }  # fmt: skip
