"""The ciphertext in pieces: written as volumes of a given size, and read back as one."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from clew.exchange.sealing.envelope import Part
from clew.exchange.sealing.member import CHUNK

MOST = 999
"""Most volumes of a package."""
NAME = "volume-{:03}.age"


class Volumes:
    """A file to write to that becomes ``volume-001.age`` and so on in a folder."""

    def __init__(self, folder: Path, size: int | None) -> None:
        self._folder = folder
        self._size = size
        self._waiting: list[bytes] = []
        self._waits = 0
        self._out: int | None = None
        self._hash = hashlib.sha256()
        self._written = 0
        self.parts: list[Part] = []
        """The volumes that are whole."""

    def write(self, data: bytes) -> int:
        """Take bytes; they reach the disk in larger pieces."""
        self._waiting.append(data)
        self._waits += len(data)
        if self._waits >= CHUNK:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Write what waits."""
        waiting = memoryview(b"".join(self._waiting))
        self._waiting, self._waits = [], 0
        while waiting:
            if self._out is None:
                self._begin()
            room = len(waiting) if self._size is None else self._size - self._written
            self._put(waiting[:room])
            waiting = waiting[room:]
            if self._written == self._size:
                self._end()

    def close(self) -> None:
        """Write what waits, and end the last volume."""
        self.flush()
        if self._out is not None:
            self._end()

    def _begin(self) -> None:
        file = self._folder / NAME.format(len(self.parts) + 1)
        self._out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
        self._hash, self._written = hashlib.sha256(), 0

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
        self._ready = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most ``size``; none at the end."""
        if size < 0:
            raise ValueError("read in pieces")
        while not self._ready and self._handles:
            self._ready = memoryview(os.read(self._handles[0], CHUNK))
            if not self._ready:
                self._handles.pop(0)
        piece, self._ready = self._ready[:size], self._ready[size:]
        return bytes(piece)
