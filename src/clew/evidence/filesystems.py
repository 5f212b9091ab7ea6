"""Every file of a file system that the Sleuth Kit reads, deleted ones last and labelled.

Runs in a worker. The allocated files come first, and what they hold is noted; only then it
shows which of the deleted files' contents are still their own. The Sleuth Kit's own entries that
are no files of the device (``$MBR``, ``$FAT1``, ``$OrphanFiles``) are not given out; what lies in
``$OrphanFiles`` is, under that name.

References:
    - Carrier, File System Forensic Analysis; the Sleuth Kit 4.14, tsk_fs.h

"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytsk3

from clew.evidence.deleted import CONTESTED, LOST, REALLOCATED, RECOVERABLE, Claims, Run, contested
from clew.evidence.ext import Encrypted
from clew.evidence.media import Media, first_cause
from clew.evidence.stated import Flagged, chunked, flagged
from clew.words.reasons import joined

_CHUNK = 1 << 20
DEEPEST = 256
_DELETED_MOST = 2_000_000
_SPARSE_FROM = 1 << 30
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DATA = (
    pytsk3.TSK_FS_ATTR_TYPE_DEFAULT, pytsk3.TSK_FS_ATTR_TYPE_NTFS_DATA,
    pytsk3.TSK_FS_ATTR_TYPE_HFS_DATA, pytsk3.TSK_FS_ATTR_TYPE_HFS_RSRC,
)  # fmt: skip
_TYPES = {
    "DIR": "directory", "LNK": "symlink", "FIFO": "fifo", "SOCK": "socket", "CHR": "char_device",
    "BLK": "block_device", "REG": "file",
}  # fmt: skip
_KINDS = {int(getattr(pytsk3, f"TSK_FS_META_TYPE_{name}")): kind for name, kind in _TYPES.items()}
_NAME_KINDS = {int(getattr(pytsk3, f"TSK_FS_NAME_TYPE_{n}")): kind for n, kind in _TYPES.items()}
_VIRTUAL = int(pytsk3.TSK_FS_NAME_TYPE_VIRT)
_NTFS = int(pytsk3.TSK_FS_TYPE_NTFS)
_EXT = tuple(int(getattr(pytsk3, f"TSK_FS_TYPE_EXT{n}")) for n in (2, 3, 4))
_NAMES = {
    int(getattr(pytsk3, f"TSK_FS_TYPE_{name}")): shown
    for name, shown in (
        ("FAT12", "FAT12"), ("FAT16", "FAT16"), ("FAT32", "FAT32"), ("EXFAT", "exFAT"),
        ("NTFS", "NTFS"), ("EXT2", "ext2"), ("EXT3", "ext3"), ("EXT4", "ext4"), ("HFS", "HFS+"),
        ("ISO9660", "ISO 9660"), ("YAFFS2", "YAFFS2"),
    )
}  # fmt: skip
_BAD_CLUSTERS = 8
"""MFT entry of ``$BadClus``, whose stream is as large as the volume and holds nothing."""


class Entry(msgspec.Struct, kw_only=True):
    """One name in a file system, or one further stream of a file."""

    name: bytes
    """Path within the file system."""
    kind: str
    mtime: datetime | None = None
    size: int | None = None
    flags: list[Flagged] = []
    problem: str | None = None
    content: Callable[[], Iterator[bytes]] | None = None


class _Gone(msgspec.Struct):
    """A deleted name, until all allocated files are known."""

    name: bytes
    inode: int
    kind: str
    state: str | None
    """Where it is known already."""


class Disk(pytsk3.Img_Info):  # type: ignore[misc]
    """A medium in the form in which the Sleuth Kit asks for its bytes."""

    def __init__(self, media: Media) -> None:
        self._media = media
        super().__init__(url="", type=pytsk3.TSK_IMG_TYPE_EXTERNAL)

    def read(self, offset: int, size: int) -> bytes:
        """Bytes from an offset."""
        return self._media.read(offset, size)

    def get_size(self) -> int:
        """Bytes of the medium."""
        return self._media.size

    def close(self) -> None:
        """Nothing: the medium is not ours to close."""


class FileSystem:
    """One file system; OSError where there is none that the Sleuth Kit reads."""

    def __init__(self, disk: Disk, media: Media, offset: int) -> None:
        self._system = pytsk3.FS_Info(disk, offset=offset)
        info = self._system.info
        self._type = int(info.ftype)
        self._block = int(info.block_size)
        self._root = self._system.open_dir(inode=info.root_inum)
        self._claims = Claims(int(info.block_count))
        self._encrypted = Encrypted(media, offset) if self._type in _EXT else None
        self._gone: list[_Gone] = []
        self.name = _NAMES.get(self._type, "another file system")

    def entries(self) -> Iterator[Entry]:
        """Every file, folder and stream; the deleted ones behind the allocated ones."""
        root = int(self._system.info.root_inum)
        seen = {root}
        waiting: list[tuple[Entry, int, bool]] = []
        yield from self._folder(self._root, b"", waiting, gone=False)
        while waiting:
            folder, inode, gone = waiting.pop()
            listed = self._listed(folder, inode, seen)
            if not gone and folder.kind == "directory":
                yield folder
            if listed is not None:
                yield from self._folder(listed, folder.name + b"/", waiting, gone=gone)
        yield from self._deleted()

    def _listed(self, folder: Entry, inode: int, seen: set[int]) -> Any:
        """A folder to go through; None where it was already, or can't be read (reported)."""
        if inode in seen:
            folder.flags = [*folder.flags, flagged("image:folder_met_before", entry=inode)]
            return None
        seen.add(inode)
        if folder.name.count(b"/") >= DEEPEST:
            folder.problem = "limit:folder_depth"
            return None
        try:
            return self._system.open_dir(inode=inode)
        except OSError as error:
            folder.problem = joined("damaged", cause=first_cause(error))
            return None

    def _folder(
        self, listed: Any, above: bytes, waiting: list[tuple[Entry, int, bool]], *, gone: bool
    ) -> Iterator[Entry]:
        """The names in one folder; folders below wait, deleted names wait for the end."""
        for file in listed:
            name, meta = file.info.name, file.info.meta
            raw = bytes(name.name or b"") if name is not None else b""
            if raw in (b"", b".", b"..") or int(name.type) == _VIRTUAL:
                continue
            path = above + raw
            if int(name.type) == int(pytsk3.TSK_FS_NAME_TYPE_VIRT_DIR):
                waiting.insert(0, (Entry(name=path, kind="virtual"), int(name.meta_addr), True))
            elif gone or int(name.flags) & int(pytsk3.TSK_FS_NAME_FLAG_UNALLOC):
                self._note_deleted(name, meta, path, waiting)
            else:
                yield from self._allocated(file, path, waiting)

    def _allocated(
        self, file: Any, path: bytes, waiting: list[tuple[Entry, int, bool]]
    ) -> Iterator[Entry]:
        """A name that is in use: a folder waits, all else is given out."""
        name, meta = file.info.name, file.info.meta
        if meta is None or not int(meta.flags) & int(pytsk3.TSK_FS_META_FLAG_ALLOC):
            yield Entry(name=path, kind=_kind(name, None), problem="damaged:no_metadata")
        elif _kind(name, meta) == "directory":
            self._claims.add(self._runs(file))
            waiting.append((_entry(path, "directory", meta), int(meta.addr), False))
            if self._type == _NTFS:
                yield from self._streams(file, path, "directory")
        else:
            yield from self._streams(file, path, _kind(name, meta))

    def _streams(self, file: Any, path: bytes, kind: str) -> Iterator[Entry]:
        """An allocated file, and each further stream of it as a file of its own."""
        meta = file.info.meta
        if kind != "file":
            if kind != "directory":
                entry = _entry(path, kind, meta)
                target = bytes(meta.link or b"")
                entry.content = (lambda: iter((target,))) if target else None
                yield entry
            attributes = [a for a in self._attributes(file) if a.info.name and kind == "directory"]
        else:
            attributes = self._attributes(file)
            if not any(_stream_name(a) == b"" for a in attributes):
                entry = _entry(path, kind, meta)
                entry.problem = "damaged:no_content" if meta.size else None
                yield entry
        for attribute in attributes:
            self._claims.add(self._extents(attribute))
            yield self._stream(file, attribute, path)

    def _stream(self, file: Any, attribute: Any, path: bytes) -> Entry:
        name = _stream_name(attribute)
        entry = _entry(path + (b":" + name if name else b""), "file", file.info.meta)
        entry.size = int(attribute.info.size)
        if name:
            entry.flags = [flagged("image:stream")]
        entry.problem = self._unreadable(file, attribute)
        kind, number, size = int(attribute.info.type), int(attribute.info.id), entry.size
        entry.content = lambda: chunked(size, lambda at, n: file.read_random(at, n, kind, number))
        return entry

    def _unreadable(self, file: Any, attribute: Any) -> str | None:
        """Why a stream is not read, as far as its metadata tell."""
        address, size = int(file.info.meta.addr), int(attribute.info.size)
        if int(attribute.info.flags) & int(pytsk3.TSK_FS_ATTR_ENC):
            return "encrypted"
        if self._encrypted and self._encrypted.holds(address):
            return "encrypted"
        if not int(attribute.info.flags) & int(pytsk3.TSK_FS_ATTR_NONRES):
            return None
        is_bad = self._type == _NTFS and address == _BAD_CLUSTERS and attribute.info.name
        if not is_bad and size <= _SPARSE_FROM:
            return None
        kept = sum(count for _, count in self._extents(attribute)) * self._block
        return joined("sparse", bytes=kept) if kept < size // 100 else None

    def _note_deleted(
        self, name: Any, meta: Any, path: bytes, waiting: list[tuple[Entry, int, bool]]
    ) -> None:
        """Keep a deleted name for the end; go into it where it is a folder still."""
        state = None
        if meta is None and int(name.meta_addr) and (file := self._by_address(int(name.meta_addr))):
            meta = file.info.meta  # the Sleuth Kit leaves it out where its sequence has moved on
        if meta is None:
            state = LOST
        elif int(meta.flags) & int(pytsk3.TSK_FS_META_FLAG_ALLOC) or self._has_moved_on(name, meta):
            state = REALLOCATED
        kind = _kind(name, meta if state is None else None)
        if len(self._gone) < _DELETED_MOST:
            self._gone.append(_Gone(path, int(name.meta_addr), kind, state))
        if kind == "directory" and state is None:
            waiting.insert(0, (Entry(name=path, kind=kind), int(meta.addr), True))

    def _has_moved_on(self, name: Any, meta: Any) -> bool:
        """Whether an MFT entry was used again since: deleting counts its sequence up by one."""
        orphan = int(meta.flags) & int(pytsk3.TSK_FS_META_FLAG_ORPHAN)
        if self._type != _NTFS or orphan:
            return False
        return int(name.meta_seq) not in (int(meta.seq), int(meta.seq) - 1)

    def _deleted(self) -> Iterator[Entry]:
        """Deleted names, each with its state, and its content where that is still its own."""
        claims: list[tuple[int, int, int]] = []
        for gone in self._gone:
            if (
                gone.kind == "file"
                and gone.state is None
                and (file := self._by_address(gone.inode))
            ):
                claims += [(start, n, gone.inode) for start, n in self._runs(file)]
        several = contested(set(claims))
        del claims
        for gone in self._gone:
            yield from self._deleted_file(gone, several)
        if len(self._gone) >= _DELETED_MOST:
            yield Entry(name=b"$Deleted", kind="unknown", problem="limit:deleted_names")

    def _deleted_file(self, gone: _Gone, several: set[int]) -> Iterator[Entry]:
        file = self._by_address(gone.inode) if gone.state is None else None
        if file is None or gone.kind != "file":
            state = gone.state or (RECOVERABLE if gone.kind == "directory" else LOST)
            entry = Entry(name=gone.name, kind=gone.kind)
            if file is not None:
                entry = _entry(gone.name, gone.kind, file.info.meta)
            yield _labelled(entry, state)
            return
        attributes = self._attributes(file)
        if not any(_stream_name(a) == b"" for a in attributes):
            yield _labelled(_entry(gone.name, "file", file.info.meta), LOST)
        for attribute in attributes:
            state = CONTESTED if gone.inode in several else self._state(attribute)
            yield _labelled(self._stream(file, attribute, gone.name), state)

    def _state(self, attribute: Any) -> str:
        """What has become of the extents of a deleted stream."""
        size, flags = int(attribute.info.size), int(attribute.info.flags)
        if flags & int(pytsk3.TSK_FS_ATTR_RES):
            return RECOVERABLE
        if size == 0:
            return LOST if self._type in _EXT else RECOVERABLE
        runs = list(self._extents(attribute))
        holes = sum(int(r.len) for r in attribute if int(r.flags) & _SPARSE)
        if (sum(count for _, count in runs) + holes) * self._block < size or not runs:
            return LOST
        return REALLOCATED if self._claims.holds(runs) else RECOVERABLE

    def _by_address(self, inode: int) -> Any:
        try:
            file = self._system.open_meta(inode=inode)
        except OSError:
            return None
        return file if file.info.meta is not None else None

    def _attributes(self, file: Any) -> list[Any]:
        try:
            return [a for a in file if a.info.type in _DATA]
        except OSError:
            return []

    def _runs(self, file: Any) -> Iterator[Run]:
        """Blocks of all attributes of a file."""
        try:
            for attribute in file:
                yield from self._extents(attribute)
        except OSError:
            return

    def _extents(self, attribute: Any) -> Iterator[Run]:
        if not int(attribute.info.flags) & int(pytsk3.TSK_FS_ATTR_NONRES):
            return
        for run in attribute:
            if not int(run.flags) & (_SPARSE | _FILLER):
                yield int(run.addr), int(run.len)


_SPARSE = int(pytsk3.TSK_FS_ATTR_RUN_FLAG_SPARSE)
_FILLER = int(pytsk3.TSK_FS_ATTR_RUN_FLAG_FILLER)


def _labelled(entry: Entry, state: str) -> Entry:
    """A deleted entry; only what can be recovered keeps its content."""
    entry.flags = [*entry.flags, flagged("image:deleted", state=state)]
    if state != RECOVERABLE:
        entry.problem = f"deleted:{state}"
    return entry


def _entry(path: bytes, kind: str, meta: Any) -> Entry:
    size = int(meta.size) if kind == "file" else None
    time = _time(int(meta.mtime), int(meta.mtime_nano))
    return Entry(name=path, kind=kind, mtime=time, size=size)


def _kind(name: Any, meta: Any) -> str:
    if meta is not None:
        return _KINDS.get(int(meta.type), "unknown")
    return _NAME_KINDS.get(int(name.type), "file")


def _stream_name(attribute: Any) -> bytes:
    """Name of a further stream; empty for a file's own content."""
    if attribute.info.type == pytsk3.TSK_FS_ATTR_TYPE_HFS_RSRC:
        return b"rsrc"
    named = attribute.info.type == pytsk3.TSK_FS_ATTR_TYPE_NTFS_DATA
    return bytes(attribute.info.name or b"") if named else b""


def _time(seconds: int, nano: int) -> datetime | None:
    """A time of a file system; None where it has none, or no calendar has it."""
    if not seconds:
        return None
    try:
        return _EPOCH + timedelta(seconds=seconds, microseconds=nano // 1000)
    except OverflowError:
        return None
