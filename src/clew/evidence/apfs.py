"""Every file of the volumes of an APFS container, read by libfsapfs.

Runs in a worker. The Sleuth Kit's bindings open no APFS container. libfsapfs shows the newest state
only: neither snapshots nor deleted files. A volume that is encrypted is reported and not read.

References:
    - Apple, Apple File System Reference; libfsapfs

"""

import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyfsapfs

from clew.evidence.filesystems import DEEPEST, Entry
from clew.evidence.media import FileObject, Media, first_cause
from clew.evidence.stated import KINDS, chunked, flagged
from clew.words.reasons import joined

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Container:
    """An APFS container; OSError where it can't be opened."""

    name = "APFS"

    def __init__(self, media: Media, start: int, size: int) -> None:
        self._window = FileObject(size, lambda at, n: media.read(start + at, n))
        self._container: Any = pyfsapfs.container()
        self._container.open_file_object(self._window)
        self._volumes = int(self._container.number_of_volumes)

    def entries(self) -> Iterator[Entry]:
        """Every volume under its name, and what is in it."""
        for number in range(self._volumes):
            volume = self._container.get_volume(number)
            name = f"volume-{number + 1}".encode()
            row = Entry(name=name, kind="directory")
            row.flags = [flagged("image:volume", kind="APFS", name=volume.name)]
            root = None
            if volume.is_locked():
                row.problem = "encrypted"
            else:
                root, row.problem = _root(volume)
            yield row
            if root is not None:
                yield from _walk(root, name + b"/")


def _root(volume: Any) -> tuple[Any, str | None]:
    try:
        return volume.get_root_directory(), None
    except OSError as error:
        return None, joined("damaged", cause=first_cause(error))


def _walk(root: Any, prefix: bytes) -> Iterator[Entry]:
    waiting = [(root, prefix, 0)]
    seen = {int(root.identifier)}
    while waiting:
        folder, above, depth = waiting.pop()
        for number in range(_listed(folder)[0]):
            try:
                file = folder.get_sub_file_entry(number)
                entry = _entry(file, above)
            except OSError as error:
                name = above + b"entry-%d" % number
                damage = joined("damaged", cause=first_cause(error))
                yield Entry(name=name, kind="unknown", problem=damage)
                continue
            if entry.kind == "directory":
                identifier = int(file.identifier)
                if identifier in seen:
                    entry.flags = [flagged("image:folder_met_before", entry=identifier)]
                elif depth >= DEEPEST:
                    entry.problem = "limit:folder_depth"
                elif (problem := _listed(file)[1]) is None:
                    seen.add(identifier)
                    waiting.append((file, entry.name + b"/", depth + 1))
                else:
                    entry.problem = problem
            yield entry


def _listed(folder: Any) -> tuple[int, str | None]:
    """How many entries a folder has, and what keeps them from being listed."""
    try:
        return int(folder.number_of_sub_file_entries), None
    except OSError as error:
        return 0, joined("damaged", cause=first_cause(error))


def _entry(file: Any, above: bytes) -> Entry:
    name = str(file.name or "").encode("utf-8", "surrogatepass")
    kind = KINDS.get(stat.S_IFMT(int(file.file_mode)), "unknown")
    entry = Entry(name=above + name, kind=kind)
    nanoseconds = int(file.get_modification_time_as_integer())
    if nanoseconds > 0:
        entry.mtime = _EPOCH + timedelta(microseconds=nanoseconds // 1000)
    if kind == "file":
        size = entry.size = int(file.size)
        entry.content = lambda: chunked(size, lambda at, n: file.read_buffer_at_offset(n, at))
    elif kind == "symlink":
        target = str(file.symbolic_link_target or "").encode("utf-8", "surrogatepass")
        entry.content = lambda: iter((target,))
    return entry
