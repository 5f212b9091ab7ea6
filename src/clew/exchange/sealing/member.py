"""A file on its way into a package."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

import msgspec

CHUNK = 1 << 20
"""Bytes that are read, hashed and written at a time."""
HASHED = 1 << 18
"""Bytes that are read at a time to be hashed alone: they fit a processor's own cache."""


class Member(msgspec.Struct, frozen=True):
    """One file of the payload: its name below ``data/``, its size in bytes and its content.

    The size stands before the content in the package, so it must be known before the first chunk.
    """

    name: str
    """Such as ``tables/persons.parquet``."""
    size: int
    chunks: Iterable[bytes | memoryview]
    """The content in pieces, read once; a piece stays as it is until the one after the next."""

    @classmethod
    def of(cls, name: str, content: bytes) -> Self:
        """A file that is in memory."""
        return cls(name, len(content), (content,))

    @classmethod
    def file(cls, name: str, path: Path) -> Self:
        """A file on the disk, which is read when its turn comes."""
        return cls(name, path.stat().st_size, _read(path))


def _read(path: Path) -> Iterator[memoryview]:
    """A file in pieces, of which each stays as it is until the one after the next is read."""
    rooms = [memoryview(bytearray(CHUNK)) for _ in range(2)]
    with path.open("rb", buffering=0) as source:
        while size := source.readinto(rooms[0]):
            yield rooms[0][:size]
            rooms.reverse()
