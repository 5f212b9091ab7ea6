"""The content store: each content once, named by its SHA-256; a member's name is never a path."""

from __future__ import annotations

import ctypes
import os
import tempfile
from pathlib import Path

import msgspec

from clew.casefile.files import writing


class Held(msgspec.Struct, frozen=True, kw_only=True):
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

    def path(self, sha256: str) -> Path:
        """Where a content lies, or would lie."""
        return self.folder / sha256[:2] / sha256

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


class Incoming:
    """Content on its way into the store; it counts only after ``keep``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with writing("writing to the store"):
            store.folder.mkdir(parents=True, exist_ok=True)
            self._handle, name = tempfile.mkstemp(prefix=".tmp-", dir=store.folder)
        self._hidden = Path(name)

    def write(self, chunk: bytes | memoryview) -> None:
        """Append; an error here is the machine's, never the item's."""
        with writing("writing to the store"):
            left = memoryview(chunk)
            while left:
                left = left[os.write(self._handle, left) :]

    def keep(self, sha256: str) -> Path:
        """Give the content its name."""
        with writing("writing to the store"):
            self._close()
            file = self._store.path(sha256)
            if file.exists():
                self._hidden.unlink()
            else:
                file.parent.mkdir(exist_ok=True)
                self._hidden.chmod(0o440)
                self._hidden.replace(file)
        return file

    def drop(self) -> None:
        """Forget the content."""
        self._close()
        self._hidden.unlink(missing_ok=True)

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
