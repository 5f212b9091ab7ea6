"""Members of archives that libarchive reads: tar, 7z, RAR, CAB, ISO, cpio and compressed files.

The tar of an Android backup is one of them, behind its header.
A warning of the library is a failure of the member it is about, a file that is compressed and no
archive is one member, and a damaged tar is searched for the next header that is whole.
"""

import bz2
import mmap
import os
from collections.abc import Callable, Iterator
from typing import Any

from clew.evidence import adb
from clew.evidence.bounds import Bounds
from clew.evidence.inflate import Gzip
from clew.evidence.libarchive import EOF, FORMATS, OK, RAW, WARN, Archive
from clew.evidence.signatures import (
    ANDROID_BACKUP,
    BZIP2,
    COMPRESSED,
    GZIP,
    TAR,
    is_tar_header,
)
from clew.evidence.stated import Flagged, Frame, Stated, flagged, unix_time
from clew.words.reasons import Unreadable, joined, parted

_ZEROS = bytes(1 << 16)
_RESUMES = 10_000
_BLOCK = 512
_CHUNK = 256 << 10
_PACKED: dict[str, tuple[Callable[[], Any], bytes]] = {
    GZIP: (Gzip, b"\x1f\x8b"),
    BZIP2: (bz2.BZ2Decompressor, b"BZh"),
    ANDROID_BACKUP: (adb.inflater, b""),
}
"""What unpacks each kind, and how a further stream of it begins; empty where there is but one."""


class Unpacked:
    """A packed file: its streams, one behind the other, each checked.

    libarchive reads gzip and bzip2, but it does not check a gzip's sum, and not every build knows
    bzip2.
    """

    def __init__(self, handle: int, media_type: str) -> None:
        self._handle = handle
        self._make, self._magic = _PACKED[media_type]
        self._unpacker = self._make()
        self._waiting = b""
        self._ended = False
        self.consumed = 0
        self.came = 0
        """Bytes that came out."""
        self.problem: str | None = None
        """What is wrong with the file, once that was met; all that came before it counts."""
        self.trailing = False
        """Something else stands behind the last stream."""

    def read(self) -> bytes:
        """The next bytes; empty at the end, and where they are damaged, as ``problem`` says."""
        try:
            piece = b"" if self._ended else self._next()
        except (OSError, ValueError, EOFError) as error:
            self.problem, piece = str(error), b""
        self._ended = not piece
        self.came += len(piece)
        return piece

    def _next(self) -> bytes:
        while True:
            if self._unpacker.eof:
                if not self._begin_another():
                    return b""
            elif self._unpacker.needs_input:
                self._waiting = self._more()
                if not self._waiting:
                    raise EOFError("truncated")
            piece = self._unpacker.decompress(self._waiting, _CHUNK)
            self._waiting = b""
            if piece:
                return bytes(piece)

    def _begin_another(self) -> bool:
        """Whether another stream follows; zeros between and behind them are padding."""
        follows = self._unpacker.unused_data or self._more()
        while follows and not (follows := follows.lstrip(b"\0")):
            follows = self._more()
        if follows and len(follows) < len(self._magic):
            follows += self._more()
        another = bool(self._magic) and follows.startswith(self._magic)
        self.trailing = bool(follows) and not another
        self._waiting = follows
        self._unpacker = self._make()
        return bool(follows) and not self.trailing

    def drain(self) -> None:
        """Read to the end, so that every sum is checked."""
        while self.read():
            pass

    def _more(self) -> bytes:
        packed = os.read(self._handle, _CHUNK)
        self.consumed += len(packed)
        return packed


class Reading:
    """One archive while it is read."""

    def __init__(self, handle: int, media_type: str, inner_name: bytes, bounds: Bounds) -> None:
        self._handle = handle
        self._media_type = media_type
        self._inner_name = inner_name
        self._bounds = bounds
        self._ordinal = 0
        self._out = 0
        self._holes = 0
        """Bytes of holes in the member that is read."""
        self._size = os.fstat(handle).st_size
        self._begins = 0
        self._formats: tuple[str, ...] = (
            FORMATS if media_type not in COMPRESSED else (*FORMATS, RAW)
        )
        self._is_packed = media_type in (BZIP2, GZIP)
        self._is_tar = media_type == TAR

    def frames(self) -> Iterator[Frame]:
        """Every member, and at the end what is wrong with the archive as a whole."""
        try:
            self._pass_header()
        except Unreadable as refused:
            yield {"problem": refused.reason}
            return
        yield from self._whole()

    def _pass_header(self) -> None:
        """Find the tar of an Android backup behind its header."""
        if self._media_type == ANDROID_BACKUP:
            found = adb.header(self._handle)
            self._begins, self._formats = found.size, ("tar",)
            self._is_packed, self._is_tar = found.is_deflated, not found.is_deflated

    def _whole(self) -> Iterator[Frame]:
        start: int | None = self._begins
        for _ in range(_RESUMES):
            assert start is not None
            problem, reached = yield from self._from(start)
            if problem is None:
                if not self._ordinal and self._media_type in COMPRESSED:
                    problem, _ = yield from self._from(0, raw=True)  # zeros look like a tar's end
                    yield {"problem": problem} if problem else {"flags": []}
                return
            start = self._next_header(start + max(reached, 0) + _BLOCK)
            if start is None or problem.startswith("limit:"):
                yield {"problem": problem}
                return
            yield {"flags": [flagged("tar:salvaged", at=start, after=parted(problem)[0])]}

    def _from(self, start: int, *, raw: bool = False) -> Any:
        """Members from an offset on; returns the problem that ended it, and the last header."""
        os.lseek(self._handle, start, os.SEEK_SET)
        source = Unpacked(self._handle, self._media_type) if self._is_packed else None
        archive = Archive(self._handle, source, (RAW,) if raw else self._formats)
        try:
            if archive.status != OK:
                return self._not_begun(archive, source), 0
            ended = yield from self._members(archive)
            damage = self._drained(source)
            if source and source.trailing:
                yield {"flags": [flagged("archive:trailing_bytes")]}
            return damage or ended[0], ended[1]
        finally:
            archive.close()

    @staticmethod
    def _drained(source: Unpacked | None) -> str | None:
        """What is wrong with the rest of a compressed file, if anything is."""
        if source is None:
            return None
        source.drain()
        return source.problem and joined("damaged", cause=source.problem)

    def _not_begun(self, archive: Archive, source: Unpacked | None) -> str:
        """Why there is not even a first member."""
        if source is None or source.came:
            return self._trouble(archive)
        return self._drained(source) or "no_members"

    def _members(self, archive: Archive) -> Any:
        while (status := archive.advance()) != EOF:
            if status not in (OK, WARN):
                return self._trouble(archive), archive.header_at
            if self._ordinal >= self._bounds.members:
                return "limit:members", archive.header_at
            warned = joined("warning", cause=archive.error) if status == WARN else None
            yield {"member": self._stated(archive).as_dict()}
            self._ordinal += 1
            problem = yield from self._content(archive)
            yield {"end": problem or warned}
            if problem and problem.startswith("limit:total"):
                return problem, archive.header_at
        return None, archive.header_at

    def _content(self, archive: Archive) -> Any:
        member = archive.member
        if member.encrypted:
            return "encrypted"
        if member.symlink is not None and member.kind == "symlink":
            yield member.symlink
            return None
        if member.hardlink is not None and not member.size:
            return None  # its content is that of the member it names
        return (yield from self._data(archive)) if member.kind == "file" else None

    def _data(self, archive: Archive) -> Any:
        """Bytes of a member, with the holes of a sparse one filled in."""
        reached, began = 0, archive.consumed
        self._holes = 0
        while True:
            status, offset, chunk = archive.block()
            if status == EOF:
                offset = reached if archive.is_raw else max(archive.member.size or 0, reached)
            elif status != OK:
                return self._trouble(archive)
            self._holes += max(offset - reached, 0)
            if problem := self._refused(reached, offset, len(chunk), archive.consumed - began):
                return problem
            yield from _hole(offset - reached)
            if status == EOF:
                return archive.source_problem if archive.is_raw else None
            if chunk:
                yield chunk
            self._out += offset - reached + len(chunk)
            reached = offset + len(chunk)

    def _refused(self, reached: int, offset: int, size: int, taken: int) -> str | None:
        """The limit that the next bytes of a member would pass, if any."""
        bounds = self._bounds
        member = max(reached, offset + size)
        if offset < reached:
            return "data"
        if member > bounds.member_bytes:
            return "limit:member"
        if self._out + member - reached > bounds.total_bytes:
            return "limit:total"
        written = member - self._holes  # holes take no bytes in; the limits above are theirs
        if written > max(bounds.ratio_from, bounds.ratio * max(taken, self._size // 1000, 1)):
            return "limit:ratio"
        return None

    def _stated(self, archive: Archive) -> Stated:
        member = archive.member
        flags: tuple[Flagged, ...] = ()
        if member.hardlink is not None:
            shown = member.hardlink.decode("utf-8", "backslashreplace")
            flags = (flagged("archive:hard_link", target=shown),)
        return Stated(
            ordinal=self._ordinal, name=self._inner_name if archive.is_raw else member.name,
            kind=member.kind, mtime=unix_time(member.mtime), size_stated=member.size, flags=flags,
        )  # fmt: skip

    def _trouble(self, archive: Archive) -> str:
        said = archive.error
        if archive.encrypted or "ncrypt" in said or "assphrase" in said:
            return "encrypted"
        return joined("damaged", cause=said[:300])

    def _next_header(self, start: int) -> int | None:
        """Where the next header of a damaged tar stands."""
        if not self._is_tar or not self._size:
            return None
        first = start + (self._begins - start) % _BLOCK
        with mmap.mmap(self._handle, 0, access=mmap.ACCESS_READ) as data:
            for at in range(first, self._size - _BLOCK + 1, _BLOCK):
                if data[at] and is_tar_header(data[at : at + _BLOCK]):
                    return at
        return None


def _hole(size: int) -> Iterator[bytes]:
    for at in range(0, size, len(_ZEROS)):
        yield _ZEROS[: min(len(_ZEROS), size - at)]
