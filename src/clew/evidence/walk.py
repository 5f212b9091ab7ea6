"""Walking a folder of evidence: every entry once, nothing followed, nothing opened but folders.

Names are bytes throughout, and folders are opened one below the other without following links,
so neither strange names, nor paths longer than the system's limit, nor a link swapped in during
the walk can lead elsewhere.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Generator, Iterator
from pathlib import Path

import msgspec

from clew.evidence.stated import KINDS
from clew.records import ItemKind

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NO_ATIME = getattr(os, "O_NOATIME", 0)


class Root(msgspec.Struct, frozen=True):
    """A path given to ``clew add``."""

    folder: bytes
    """Folder to walk, or the folder of the one file."""
    only: bytes | None
    """Name of the one file."""
    shown_as: bytes
    """What its entries' paths begin with; empty for a single folder."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a folder."""

    root: int
    """Which of the roots it lies under."""
    parts: tuple[bytes, ...]
    """Names from the root down to it."""
    kind: ItemKind
    size: int | None = None
    mtime_ns: int | None = None
    link_target: bytes | None = None
    problem: str | None = None
    """Why it could not be looked at, such as ``list:EACCES``."""


def roots(paths: list[Path]) -> tuple[Root, ...]:
    """Roots for the paths of one exhibit; with several, each shows under its own name."""
    found = []
    names: dict[bytes, int] = {}
    for path in paths:
        full = os.fsencode(os.path.abspath(path))
        folder, name = os.path.split(full)
        if os.path.isdir(full):
            found.append(Root(full, None, _distinct(name, names) if len(paths) > 1 else b""))
        else:
            found.append(Root(folder, name, b""))
    return tuple(found)


def walk(number: int, root: Root) -> Iterator[Entry]:
    """Every entry below a root, folders before what is in them, names in order of their bytes.

    Only names wait in memory: a folder may hold a million entries.
    """
    with _opened(root.folder) as top:
        if root.only is not None:
            yield _entry(top, number, (), root.only)
            return
    waiting: list[tuple[tuple[bytes, ...], list[bytes]]] = [((), _names(root, ()))]
    while waiting:
        parts, names = waiting.pop()
        folder = yield from _until_folder(root, number, parts, names)
        if folder is None:
            continue
        waiting.append((parts, names))
        try:
            below = _names(root, folder.parts)
        except OSError as error:
            yield msgspec.structs.replace(folder, problem=f"list:{code(error)}")
            continue
        yield folder
        waiting.append((folder.parts, below))


class Folders:
    """Opens files; the folder opened last stays open, as the next file mostly lies in it too."""

    def __init__(self) -> None:
        self._open: tuple[Root, tuple[bytes, ...]] | None = None
        self._handle = -1

    def open_file(self, root: Root, parts: tuple[bytes, ...]) -> int:
        """Descriptor of a file below a root, for reading without touching its access time."""
        folder = self._folder(root, parts[:-1])
        try:
            return os.open(parts[-1], _FILE | _NO_ATIME, dir_fd=folder)
        except PermissionError:  # O_NOATIME is for the owner of a file only
            return os.open(parts[-1], _FILE, dir_fd=folder)

    def close(self) -> None:
        """Let go of the folder."""
        if self._open is not None:
            os.close(self._handle)
            self._open = None

    def _folder(self, root: Root, parts: tuple[bytes, ...]) -> int:
        if self._open != (root, parts):
            self.close()
            with _folder(root, parts) as folder:
                self._handle = os.dup(folder)
            self._open = (root, parts)
        return self._handle


def code(error: OSError) -> str:
    """Name of a system error, such as ``EACCES``."""
    return errno.errorcode.get(error.errno or 0, str(error.errno))


def _names(root: Root, parts: tuple[bytes, ...]) -> list[bytes]:
    """Names in a folder, the last first."""
    with _folder(root, parts) as folder:
        return sorted(map(os.fsencode, os.listdir(folder)), reverse=True)


def _until_folder(
    root: Root, number: int, parts: tuple[bytes, ...], names: list[bytes]
) -> Generator[Entry, None, Entry | None]:
    """Entries of these names, each taken off the list; the next folder among them, if any."""
    try:
        with _folder(root, parts) as folder:
            while names:
                entry = _entry(folder, number, parts, names.pop())
                if entry.kind == ItemKind.DIRECTORY:
                    return entry
                yield entry
    except OSError as error:  # it was there when its names were read
        while names:
            here, problem = (*parts, names.pop()), f"list:{code(error)}"
            yield Entry(root=number, parts=here, kind=ItemKind.UNKNOWN, problem=problem)
    return None


@contextlib.contextmanager
def _folder(root: Root, parts: tuple[bytes, ...]) -> Iterator[int]:
    """A folder below a root, opened step by step, no link followed."""
    with contextlib.ExitStack() as opened:
        folder = opened.enter_context(_opened(root.folder))
        for part in parts:
            folder = _step(opened, folder, part)
        yield folder


def _entry(folder: int, number: int, parts: tuple[bytes, ...], name: bytes) -> Entry:
    here = (*parts, name)
    try:
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError as error:
        return Entry(root=number, parts=here, kind=ItemKind.UNKNOWN, problem=f"stat:{code(error)}")
    kind = ItemKind(KINDS.get(stat.S_IFMT(found.st_mode), "unknown"))
    target = None
    if kind == ItemKind.SYMLINK:
        with contextlib.suppress(OSError):
            target = os.readlink(name, dir_fd=folder)
    return Entry(
        root=number, parts=here, kind=kind,
        size=None if kind == ItemKind.DIRECTORY else found.st_size, mtime_ns=found.st_mtime_ns,
        link_target=target,
    )  # fmt: skip


def _step(opened: contextlib.ExitStack, folder: int, name: bytes) -> int:
    """Open a folder within a folder, and let go of the outer one."""
    inner = os.open(name, _FOLDER, dir_fd=folder)
    opened.close()
    opened.callback(os.close, inner)
    return inner


@contextlib.contextmanager
def _opened(folder: bytes) -> Iterator[int]:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield handle
    finally:
        os.close(handle)


def _distinct(name: bytes, seen: dict[bytes, int]) -> bytes:
    """A name for a root that no other root has."""
    seen[name] = seen.get(name, 0) + 1
    return name if seen[name] == 1 else b"%s~%d" % (name, seen[name])
