"""The content store: each content once, named by its SHA-256; a member's name is never a path."""

from __future__ import annotations

import ctypes
import os
import tempfile
from pathlib import Path

import msgspec

from clew.casefile.files import HIDDEN, writing


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """A content that was just read, and where it can be read again while it is in memory."""

    exhibit_id: str
    item_id: str
    path: str
    sha256: str
    media_type: str
    size: int
    file: Path | bytes
    sure: bool
    """It is kept by its hash; else it lies in the evidence, and may have changed."""


class Store:
    """Content-addressed files under ``store/``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._text = str(folder)

    def path(self, sha256: str) -> Path:
        """Where a content lies, or would lie."""
        return Path(f"{self._text}/{sha256[:2]}/{sha256}")

    def has(self, sha256: str) -> bool:
        """Whether the content is kept."""
        return self.path(sha256).is_file()

    def receive(self) -> Incoming:
        """A new content, whose name is not known before it is read through."""
        return Incoming(self)

    def sync(self) -> None:
        """Force all that was written to the disk, in one call for many files."""
        if not self.folder.is_dir():
            return
        with writing("writing to the store"):
            handle = os.open(self.folder, os.O_RDONLY)
            try:
                _syncfs(handle)
            finally:
                os.close(handle)


_SMALL = 1 << 20


class Incoming:
    """Content on its way into the store; it counts only after ``keep``.

    Small contents wait in memory: of the many that the store has already nothing is written.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting = bytearray()
        self._handle = -1
        self._hidden: Path | None = None

    def write(self, chunk: bytes | memoryview) -> None:
        """Append; an error here is the machine's, never the item's."""
        if self._hidden is None and len(self._waiting) + len(chunk) <= _SMALL:
            self._waiting += chunk
            return
        with writing("writing to the store"):
            self._open()
            self._append(memoryview(chunk))

    def keep(self, sha256: str) -> Path:
        """Give the content its name."""
        file = self._store.path(sha256)
        with writing("writing to the store"):
            if file.exists():
                self.drop()
                return file
            hidden = self._open()
            self._close()
            file.parent.mkdir(exist_ok=True)
            hidden.chmod(0o440)
            hidden.replace(file)
        return file

    def drop(self) -> None:
        """Forget the content."""
        self._close()
        if self._hidden is not None:
            self._hidden.unlink(missing_ok=True)

    def _open(self) -> Path:
        """The hidden file, with what waited in memory written to it."""
        if self._hidden is None:
            self._store.folder.mkdir(parents=True, exist_ok=True)
            self._handle, name = tempfile.mkstemp(prefix=HIDDEN, dir=self._store.folder)
            self._hidden = Path(name)
            self._append(memoryview(self._waiting))
            self._waiting = bytearray()
        return self._hidden

    def _append(self, left: memoryview) -> None:
        while left:
            left = left[os.write(self._handle, left) :]

    def _close(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def _syncfs(handle: int) -> None:
    """Linux's syncfs(2); elsewhere sync(2)."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if call is None:
        os.sync()
    elif call(handle) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
