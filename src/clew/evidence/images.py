"""Disk images in a worker: raw and EWF, their partitions, and every file of their file systems.

The Sleuth Kit reads the file systems, libfsapfs APFS, and libewf the segments of an EWF image; all
are optional (the extra ``images``) and run in the sandbox only. Every partition is a member of its
own, read or not, so that none is passed over in silence.

References:
    - sleuthkit.org; libewf, "Expert Witness Compression Format (EWF)"

"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from clew.evidence import volumes
from clew.evidence.bounds import Bounds
from clew.evidence.media import Ewf, Media, MediaError, first_cause, opened
from clew.evidence.stated import Frame, Stated
from clew.words.reasons import joined

if TYPE_CHECKING:
    from clew.evidence.filesystems import Entry

NEEDED = "needs:clew[images]"


class Image:
    """One image while it is walked."""

    def __init__(self, handles: list[int], bounds: Bounds, start: int = 0) -> None:
        self._handles = handles
        self._bounds = bounds
        self._start = start
        """First ordinal to send: those before it were sent by a worker that was lost."""
        self._ordinal = 0
        self._out = 0
        self._problem: str | None = None

    def frames(self) -> Iterator[Frame]:
        """Every file of every partition, and at the end what is wrong with the image itself."""
        try:
            media = opened(self._handles)
            if isinstance(media, Ewf) and not self._start:
                yield {"flags": media.about()}
                for flags in media.checked():
                    yield {"flags": flags}
            for entry in self._entries(media):
                if self._ordinal >= self._bounds.members:
                    self._problem = "limit:members"
                    break
                yield from self._member(entry)
        except ImportError:
            self._problem = NEEDED
        except MediaError as error:
            self._problem = error.reason
        if self._problem:
            yield {"problem": self._problem}

    def _entries(self, media: Media) -> Iterator[Entry]:
        """Rows for partitions, each with the files of its file system behind it."""
        from clew.evidence.filesystems import Disk, Entry

        disk = Disk(media)
        head = media.read(0, volumes.HEAD_NEEDED)
        parts = [] if _is_whole(head) else list(_partitions(disk))
        if not parts:
            self._problem = yield from self._volume(media, disk, (b"", 0, media.size))
            return
        for name, start, size, is_used in parts:
            row = Entry(name=name, kind="directory", size=size)
            if not is_used:
                row.kind, row.problem = "unknown", "unallocated"
                yield row
                continue
            files = self._volume(media, disk, (name, start, size))
            try:
                first = next(files)
            except StopIteration as stopped:
                row.problem = stopped.value
                row.kind = "unknown" if row.problem else row.kind
                yield row
                continue
            yield row
            yield first
            yield from files

    def _volume(
        self, media: Media, disk: Any, extent: tuple[bytes, int, int]
    ) -> Generator[Entry, None, str | None]:
        """Files of one volume; returns what kept it from being read, where something did."""
        from clew.evidence.filesystems import FileSystem

        name, start, size = extent
        head = media.read(start, volumes.HEAD_NEEDED)
        if how := volumes.encryption(head):
            return joined("encrypted", by=how)
        kind = volumes.file_system(head)
        if kind in volumes.UNREAD:
            return f"file_system_not_read:{kind}"
        system: Any
        try:
            if kind == "apfs":
                from clew.evidence.apfs import Container

                system = Container(media, start, size)
            else:
                system = FileSystem(disk, media, start)
        except ImportError:
            return NEEDED
        except OSError as error:
            return joined("damaged" if kind else "no_file_system", cause=first_cause(error))
        prefix = name + b"/" if name else b""
        for entry in system.entries():
            yield replace(entry, name=prefix + entry.name)
        return None

    def _member(self, entry: Entry) -> Iterator[Frame]:
        """The frames of one entry; none where an earlier worker has sent them."""
        ordinal, self._ordinal = self._ordinal, self._ordinal + 1
        if ordinal < self._start:
            return
        stated = Stated(
            ordinal=ordinal, name=entry.name, kind=entry.kind, mtime=entry.mtime,
            size_stated=entry.size, flags=tuple(entry.flags),
        )  # fmt: skip
        yield {"member": stated.as_dict()}
        problem = entry.problem
        if problem is None and entry.content is not None:
            problem = yield from self._content(entry)
        yield {"end": problem}

    def _content(self, entry: Entry) -> Any:
        """Bytes of an entry; what stopped it, if anything did."""
        size = entry.size or 0
        if size > self._bounds.member_bytes:
            return "limit:member"
        if self._out + size > self._bounds.total_bytes:
            return "limit:total"
        assert entry.content is not None
        sent = 0
        try:
            for chunk in entry.content():
                yield chunk
                sent += len(chunk)
                self._out += len(chunk)
        except OSError as error:
            return joined("damaged", cause=first_cause(error))
        return "truncated" if entry.size is not None and sent < size else None


def _is_whole(head: bytes) -> bool:
    """Whether a volume begins where a table of partitions could stand."""
    known = volumes.file_system(head)
    return bool(volumes.encryption(head)) or known not in (None, "gpt")


def _partitions(disk: Any) -> Iterator[tuple[bytes, int, int, bool]]:
    """Name, first byte, size and use of each part of a disk; nothing where no table is read."""
    import pytsk3

    try:
        table = pytsk3.Volume_Info(disk)
    except OSError:
        return
    sector = int(table.info.block_size)
    for part in table:
        flags, start, size = int(part.flags), int(part.start) * sector, int(part.len) * sector
        if flags & int(pytsk3.TSK_VS_PART_FLAG_META):
            continue
        is_used = bool(flags & int(pytsk3.TSK_VS_PART_FLAG_ALLOC))
        name = b"partition-%d" if is_used else b"unallocated-%d"
        yield name % int(part.addr), start, size, is_used
