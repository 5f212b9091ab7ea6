"""Disk images in a worker: raw and EWF, their partitions, and every file of their file systems.

The Sleuth Kit reads the file systems and libewf the segments of an EWF image; both are optional
(the extra ``images``) and run in the sandbox only. A file that was deleted is labelled; what its
clusters hold is its content only as far as nobody else has them now.

References:
    - sleuthkit.org; libewf, "Expert Witness Compression Format (EWF)"

"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from clew.evidence.bounds import Bounds
from clew.evidence.signatures import EWF
from clew.evidence.stated import Frame, Stated

_CHUNK = 1 << 20
_DEEPEST = 256
_ENCRYPTED = ((3, b"-FVE-FS-", "BitLocker"), (0, b"LUKS\xba\xbe", "LUKS"))
_SKIPPED = (b".", b"..")
_MOST_TOLD = 200
_NEEDED = "needs:clew[images]"


class Media:
    """The bytes of a disk, whatever form they were acquired in."""

    def __init__(self, handles: list[int], media_type: str) -> None:
        self._ewf: Any = None
        self._handle = handles[0]
        if media_type == EWF:
            import pyewf

            self._files = [os.fdopen(os.dup(handle), "rb") for handle in handles]
            self._ewf = pyewf.handle()
            self._ewf.open_file_objects(self._files)
        self.size = self._ewf.get_media_size() if self._ewf else os.fstat(self._handle).st_size

    def read(self, offset: int, size: int) -> bytes:
        """Bytes from a place on."""
        if self._ewf:
            return bytes(self._ewf.read_buffer_at_offset(size, offset))
        return os.pread(self._handle, size, offset)

    def told(self) -> Iterator[tuple[str, str | None]]:
        """Of an EWF image: who acquired it, and whether its own hash is that of its bytes."""
        if self._ewf is None:
            return
        about = self._ewf.get_header_values() or {}
        kept = {k: v for k, v in about.items() if v}
        yield "image:acquisition", "; ".join(f"{k}: {v}" for k, v in sorted(kept.items()))[:500]
        stated = self._ewf.get_hash_value("MD5")
        if stated:
            found = self._md5()
            same = found == stated.lower()
            code = "image:hash_verified" if same else "image:hash_mismatch"
            yield code, f"MD5 stated {stated.lower()}, computed {found}"
        else:
            yield "image:no_stored_hash", None

    def _md5(self) -> str:
        digest = hashlib.md5(usedforsecurity=False)
        for at in range(0, self.size, _CHUNK):
            digest.update(self.read(at, min(_CHUNK, self.size - at)))
        return digest.hexdigest()


class Image:
    """One image while it is walked."""

    def __init__(self, handles: list[int], media_type: str, bounds: Bounds) -> None:
        self._handles = handles
        self._media_type = media_type
        self._bounds = bounds
        self._ordinal = 0
        self._out = 0
        self._problems: list[str] = []

    def frames(self) -> Iterator[Frame]:
        """Every file of every partition, and at the end what could not be read."""
        try:
            import pytsk3
        except ImportError:
            yield {"problem": _NEEDED}
            return
        try:
            media = Media(self._handles, self._media_type)
        except ImportError:
            yield {"problem": _NEEDED}
            return
        except OSError as error:
            yield {"problem": f"damaged:{error}"[:300]}
            return
        yield {"flags": [list(flag) for flag in media.told()]}
        disk = _disk(pytsk3, media)
        for prefix, offset, size in self._partitions(pytsk3, disk, media):
            if isinstance(prefix, dict):
                yield prefix
            else:
                yield from self._file_system(pytsk3, disk, media, (prefix, offset, size))
        if self._problems:
            yield {"problem": "; ".join(self._problems)[:300]}

    def _partitions(self, tsk: Any, disk: Any, media: Media) -> Iterator[Any]:
        """Where file systems begin; what is no partition is told with its size."""
        try:
            volume = tsk.Volume_Info(disk)
        except OSError:
            yield b"", 0, media.size
            return
        sector = volume.info.block_size
        for part in volume:
            start, size = part.start * sector, part.len * sector
            if part.flags & tsk.TSK_VS_PART_FLAG_ALLOC:
                yield b"partition-%d/" % part.addr, start, size
            elif part.flags & tsk.TSK_VS_PART_FLAG_UNALLOC:
                yield (
                    {"flags": [[f"image:unallocated-{part.addr}", f"{size} bytes from {start}"]]},
                    0,
                    0,
                )

    def _file_system(
        self, tsk: Any, disk: Any, media: Media, place: tuple[bytes, int, int]
    ) -> Iterator[Frame]:
        prefix, offset, _ = place
        head = media.read(offset, 512)
        name = next((n for at, magic, n in _ENCRYPTED if head[at : at + len(magic)] == magic), None)
        where = prefix.decode().rstrip("/") or "the image"
        if name:
            self._problems.append(f"encrypted ({name}): {where}")
            return
        try:
            system = tsk.FS_Info(disk, offset=offset)
            root = system.open_dir(inode=system.info.root_inum)
        except OSError as error:
            self._problems.append(f"no file system read in {where}: {str(error)[:80]}")
            return
        yield from self._walk(tsk, system, root, prefix)

    def _walk(self, tsk: Any, system: Any, root: Any, prefix: bytes) -> Iterator[Frame]:
        """Every entry of every folder, each folder once."""
        waiting = [(root, prefix, 0)]
        seen = {system.info.root_inum}
        while waiting:
            folder, above, depth = waiting.pop()
            try:
                entries = list(folder)
            except OSError as error:
                self._trouble(above, error)
                continue
            for entry in entries:
                raw = bytes(entry.info.name.name or b"") if entry.info.name else b""
                if not raw or raw in _SKIPPED:
                    continue
                if self._ordinal >= self._bounds.members:
                    self._problems.append("limit:members")
                    return
                yield from self._entry(tsk, entry, above + raw)
                if below := self._below(tsk, entry, seen, depth):
                    waiting.append((below, above + raw + b"/", depth + 1))

    def _below(self, tsk: Any, entry: Any, seen: set[int], depth: int) -> Any:
        """The folder that an entry is, if it is one that is there and was not walked yet."""
        meta, name = entry.info.meta, entry.info.name
        if meta is None or meta.type not in (tsk.TSK_FS_META_TYPE_DIR, _virtual(tsk)):
            return None
        if meta.addr in seen or depth >= _DEEPEST or _is_deleted(tsk, name):
            return None
        seen.add(meta.addr)
        try:
            return entry.as_directory()
        except OSError as error:
            self._trouble(bytes(name.name or b""), error)
            return None

    def _entry(self, tsk: Any, entry: Any, path: bytes) -> Iterator[Frame]:
        """An entry, its content, and the further streams of an NTFS file."""
        meta = entry.info.meta
        deleted = _is_deleted(tsk, entry.info.name)
        kind = _kind(tsk, meta, entry.info.name)
        flags: list[tuple[str, str | None]] = []
        problem = None
        if deleted:
            lost = meta is None or bool(meta.flags & tsk.TSK_FS_META_FLAG_ALLOC)
            flags.append(("image:deleted", "its place is in use by another" if lost else None))
            problem = "deleted:reallocated" if lost else None
        elif meta is None:
            problem = "damaged:no metadata"
        yield {"member": self._stated(path, kind, meta, flags).told()}
        if problem is None and kind == "file" and meta is not None:
            problem = yield from self._content(entry, None, meta.size)
        elif problem is None and kind == "symlink" and meta is not None and meta.link:
            yield bytes(meta.link)
        yield {"end": problem}
        if not deleted and meta is not None and kind == "file":
            yield from self._streams(tsk, entry, path, meta)

    def _streams(self, tsk: Any, entry: Any, path: bytes, meta: Any) -> Iterator[Frame]:
        try:
            found = [
                a for a in entry if a.info.type == tsk.TSK_FS_ATTR_TYPE_NTFS_DATA and a.info.name
            ]
        except OSError:
            return
        for one in found:
            name = path + b":" + bytes(one.info.name)
            yield {"member": self._stated(name, "file", meta, [("image:stream", None)]).told()}
            yield {"end": (yield from self._content(entry, one.info, one.info.size))}

    def _content(self, entry: Any, attribute: Any, size: int) -> Any:
        """Bytes of a file or of one of its streams; what stopped it, if anything did."""
        if size > self._bounds.member_bytes:
            return "limit:member"
        if self._out + size > self._bounds.total_bytes:
            return "limit:total"
        at = 0
        while at < size:
            wanted = min(_CHUNK, size - at)
            try:
                chunk = (
                    entry.read_random(at, wanted)
                    if attribute is None
                    else entry.read_random(at, wanted, attribute.type, attribute.id)
                )
            except OSError as error:
                return f"damaged:{str(error)[:120]}"
            if not chunk:
                return "truncated"
            yield bytes(chunk)
            at += len(chunk)
            self._out += len(chunk)
        return None

    def _stated(
        self, name: bytes, kind: str, meta: Any, flags: list[tuple[str, str | None]]
    ) -> Stated:
        ordinal, self._ordinal = self._ordinal, self._ordinal + 1
        return Stated(
            ordinal=ordinal,
            name=name,
            kind=kind,
            mtime=_time(meta.mtime) if meta is not None else None,
            size_stated=meta.size if meta is not None and kind == "file" else None,
            flags=tuple(flags),
        )

    def _trouble(self, path: bytes, error: OSError) -> None:
        if len(self._problems) < _MOST_TOLD:
            shown = path.decode("utf-8", "backslashreplace")
            self._problems.append(f"folder {shown} can't be read: {str(error)[:60]}")


def _disk(tsk: Any, media: Media) -> Any:
    """The bytes of a disk, in the form in which the Sleuth Kit asks for them."""

    class Disk(tsk.Img_Info):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(url="", type=tsk.TSK_IMG_TYPE_EXTERNAL)

        def read(self, offset: int, size: int) -> bytes:
            return media.read(offset, size)

        def get_size(self) -> int:
            return media.size

        def close(self) -> None:
            pass

    return Disk()


def _is_deleted(tsk: Any, name: Any) -> bool:
    return bool(name is not None and int(name.flags) & int(tsk.TSK_FS_NAME_FLAG_UNALLOC))


def _virtual(tsk: Any) -> Any:
    return getattr(tsk, "TSK_FS_META_TYPE_VIRT_DIR", tsk.TSK_FS_META_TYPE_DIR)


def _kind(tsk: Any, meta: Any, name: Any) -> str:
    kinds = {
        int(tsk.TSK_FS_META_TYPE_REG): "file", int(tsk.TSK_FS_META_TYPE_VIRT): "file",
        int(tsk.TSK_FS_META_TYPE_DIR): "directory", int(_virtual(tsk)): "directory",
        int(tsk.TSK_FS_META_TYPE_LNK): "symlink", int(tsk.TSK_FS_META_TYPE_FIFO): "fifo",
        int(tsk.TSK_FS_META_TYPE_SOCK): "socket", int(tsk.TSK_FS_META_TYPE_CHR): "char_device",
        int(tsk.TSK_FS_META_TYPE_BLK): "block_device",
    }  # fmt: skip
    if meta is not None:
        return kinds.get(int(meta.type), "unknown")
    is_folder = name is not None and int(name.type) == int(tsk.TSK_FS_NAME_TYPE_DIR)
    return "directory" if is_folder else "file"


def _time(seconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (ValueError, OverflowError, OSError):
        return None
