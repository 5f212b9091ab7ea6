"""The one folder of a worker, and what its processes use that no limit of a process bounds.

The system counts files one by one and threads by user, and memory that lies in a file without a
name not at all. So the other side looks at them while it waits. It takes nothing for granted of a
folder that hostile code may have filled.
"""

import contextlib
import os
import secrets
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from clew.sandbox.limits import Limits

_BLOCK = 512
_DEEPEST = 64
"""Folders one below the other after which a worker counts as hostile."""
_OWNER = 0o700


class Scratch:
    """A folder for one worker, which is gone with it."""

    def __init__(self, limits: Limits, parent: Path | None) -> None:
        if parent:
            parent.mkdir(parents=True, exist_ok=True)
        self.path = Path(tempfile.mkdtemp(prefix=".tmp-clew-worker-", dir=parent))
        self._limits = limits
        self._bytes = self._files = 0
        """What lay there when the task began, which is the other side's."""

    def begin(self) -> None:
        """A task begins: what lies there from now on is the worker's."""
        self._bytes = self._files = 0
        self._bytes, self._files = self._used()

    def passed(self, process: int) -> str | None:
        """Code of the limit that a worker has passed, if any."""
        size, files = self._used()
        threads = 0
        for one in family(process):
            with contextlib.suppress(OSError):  # it may end meanwhile
                threads += Path(f"/proc/{one}/task").stat().st_nlink - 2
                size += sum(_unnamed(one))
        if size > self._limits.file_bytes or files > self._limits.scratch_files:
            return "limit:scratch"
        return "limit:threads" if threads > self._limits.threads else None

    def clear(self) -> None:
        """Remove what lies there, however deep: a folder below is moved up before it is emptied."""
        waiting = [self.path]
        while waiting:
            folder = waiting.pop()
            for entry in _entries(folder):
                with contextlib.suppress(OSError):  # a worker that is alive may be quicker
                    below = Path(entry.path)
                    if not entry.is_dir(follow_symlinks=False):
                        below.unlink()
                        continue
                    below.chmod(_OWNER)
                    waiting.append(below.rename(self.path / secrets.token_hex(8)))
            if folder != self.path:
                with contextlib.suppress(OSError):
                    folder.rmdir()

    def close(self) -> None:
        """Remove the folder."""
        self.clear()
        with contextlib.suppress(OSError):
            self.path.rmdir()

    def _used(self) -> tuple[int, int]:
        """Bytes and number of what lies there, without what lay there before the task."""
        size, files = -self._bytes, -self._files
        waiting = [(self.path, 0)]
        while waiting and files <= self._limits.scratch_files:
            folder, depth = waiting.pop()
            for entry in _entries(folder):
                with contextlib.suppress(OSError):
                    found = entry.stat(follow_symlinks=False)
                    size += found.st_blocks * _BLOCK
                    files += 1 if depth < _DEEPEST else self._limits.scratch_files
                    if stat.S_ISDIR(found.st_mode):
                        waiting.append((Path(entry.path), depth + 1))
        return size, files


def family(process: int) -> list[int]:
    """A process and those below it: before a worker may stand what makes its namespaces."""
    found = [process]
    for one in found:
        with contextlib.suppress(OSError):
            children = Path(f"/proc/{one}/task/{one}/children").read_text("ascii")
            found += map(int, children.split())
    return found


def _unnamed(process: int) -> Iterator[int]:
    """Bytes of files that a process holds open and that no folder names, also in memory."""
    for entry in _entries(Path(f"/proc/{process}/fd")):
        with contextlib.suppress(OSError):
            found = Path(entry.path).stat()
            if stat.S_ISREG(found.st_mode) and not found.st_nlink:
                yield found.st_blocks * _BLOCK


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        return list(entries)
    return []
