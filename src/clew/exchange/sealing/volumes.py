"""The ciphertext in pieces: written as volumes of a given size, and read back as one."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from clew.exchange.sealing.digest import Digest
from clew.exchange.sealing.envelope import Part

MOST = 999
"""Most volumes of a package."""
NAME = "volume-{:03}.age"


class Volumes:
    """A file to write to that becomes ``volume-001.age`` and so on in a folder."""

    def __init__(self, folder: Path, size: int | None) -> None:
        self._folder = folder
        self._size = size
        self._out: int | None = None
        self._beside = ThreadPoolExecutor(1)
        self._hash = Digest(self._beside)
        self._written = 0
        self.parts: list[Part] = []
        """The volumes that are whole."""

    def write(self, data: memoryview) -> int:
        """Take bytes, which must stay as they are until the call after the next begins."""
        left = data
        while left:
            if self._out is None:
                self._begin()
            room = len(left) if self._size is None else self._size - self._written
            self._put(left[:room])
            left = left[room:]
            if self._written == self._size:
                self._end()
        return len(data)

    def close(self) -> None:
        """End the last volume."""
        if self._out is not None:
            self._end()
        self._beside.shutdown()

    def _begin(self) -> None:
        file = self._folder / NAME.format(len(self.parts) + 1)
        self._out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
        self._hash, self._written = Digest(self._beside), 0

    def _put(self, piece: memoryview) -> None:
        assert self._out is not None
        self._hash.update(piece)
        self._written += len(piece)
        while piece:
            piece = piece[os.write(self._out, piece) :]

    def _end(self) -> None:
        assert self._out is not None
        os.close(self._out)
        self._out = None
        name = NAME.format(len(self.parts) + 1)
        self.parts.append(Part(name=name, size=self._written, sha256=self._hash.hexdigest()))


class Joined:
    """Open files, read one after the other as one."""

    def __init__(self, handles: Sequence[int]) -> None:
        self._handles = list(handles)

    def read(self, size: int) -> bytes:
        """So many bytes; fewer only at the end."""
        parts = []
        while size and self._handles:
            piece = os.read(self._handles[0], size)
            if not piece:
                self._handles.pop(0)
            parts.append(piece)
            size -= len(piece)
        return b"".join(parts)
