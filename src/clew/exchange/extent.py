"""Part of an open file, read like a file of its own."""

import io
import os
from typing import Any

Extent = tuple[int, int]
"""Where a part begins, and its size in bytes."""


class Slice(io.RawIOBase):
    """Part of an open file, to read from."""

    def __init__(self, handle: int, extent: Extent) -> None:
        self._handle, (self._start, self._size), self._at = handle, extent, 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer from where it stands; how many bytes there were."""
        wanted = min(len(buffer), max(0, self._size - self._at))
        found = os.preadv(self._handle, [memoryview(buffer)[:wanted]], self._start + self._at)
        self._at += found
        return found

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Stand at a byte; which one that is."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at
