"""The bytes of a medium, whatever files hold them: one raw file, its segments, or EWF segments.

Runs in a worker, on files that are open already. Of EWF, libewf reads what it can and fills the
rest with zeros, so this module sees for itself whether segments are missing.

References:
    - libewf, Expert Witness Compression Format (EWF): file header, section descriptors

"""

import contextlib
import hashlib
import os
import struct
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from clew.evidence.stated import Flagged, flagged
from clew.words.reasons import Unreadable

_CHUNK = 1 << 20
_BEAT = 256
"""Chunks between two signs of life."""
_SIGNATURE = b"EVF\x09\x0d\x0a\xff\x00"
_DESCRIPTOR = 76


class MediaError(Unreadable):
    """The medium can't be read at all."""


class Media(Protocol):
    """The bytes of a medium."""

    @property
    def size(self) -> int:
        """Bytes of the medium."""

    def read(self, offset: int, size: int) -> bytes:
        """Bytes from an offset; fewer at the end."""


class Raw:
    """A raw medium: the bytes of its segments one after another."""

    def __init__(self, handles: list[int]) -> None:
        self._parts = [(handle, os.fstat(handle).st_size) for handle in handles]
        self.size = sum(size for _, size in self._parts)

    def read(self, offset: int, size: int) -> bytes:
        """Bytes from an offset, across segments."""
        found = []
        for handle, length in self._parts:
            if size <= 0:
                break
            if offset < length:
                piece = os.pread(handle, min(size, length - offset), offset)
                found.append(piece)
                size -= len(piece)
                offset += len(piece)
            offset -= length
        return b"".join(found)


class FileObject:
    """Bytes in the form in which libewf and libfsapfs ask for them."""

    def __init__(self, size: int, read_at: Callable[[int, int], bytes]) -> None:
        self._size, self._read_at, self._at = size, read_at, 0

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to an offset."""
        bases = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}
        self._at = bases[whence] + offset
        return self._at

    def tell(self) -> int:
        """Offset of the next byte."""
        return self._at

    get_offset = tell

    def get_size(self) -> int:
        """Bytes that there are."""
        return self._size

    def read(self, size: int) -> bytes:
        """The next bytes."""
        data = self._read_at(self._at, max(0, min(size, self._size - self._at)))
        self._at += len(data)
        return data


class Ewf:
    """A medium in EWF segments; MediaError where one is missing or the first can't be read."""

    def __init__(self, handles: list[int]) -> None:
        import pyewf

        _refuse_gaps(handles)
        self._segments = [_segment(handle) for handle in handles]
        self._handle: Any = pyewf.handle()
        try:
            self._handle.open_file_objects(self._segments)
            self.size = int(self._handle.get_media_size())
        except (OSError, ValueError) as error:
            raise MediaError("damaged", cause=first_cause(error)) from error

    def read(self, offset: int, size: int) -> bytes:
        """Bytes from an offset, decompressed."""
        size = min(size, self.size - offset)
        return bytes(self._handle.read_buffer_at_offset(size, offset)) if size > 0 else b""

    def about(self) -> list[Flagged]:
        """What the acquiring tool wrote of the acquisition, under its own names."""
        stated: dict[str, str] = {}
        with contextlib.suppress(OSError, UnicodeDecodeError):
            stated = {k: str(v) for k, v in self._handle.get_header_values().items() if v}
        return [flagged("image:acquisition", **dict(sorted(stated.items())))] if stated else []

    def checked(self) -> Iterator[list[Flagged]]:
        """Flags from comparing the stored hashes with those of the bytes; empty ones meanwhile."""
        stated = self._stated()
        if not stated:
            yield [flagged("image:no_stored_hash")]
            return
        digests = {name: hashlib.new(name, usedforsecurity=False) for name in stated}
        for number, at in enumerate(range(0, self.size, _CHUNK)):
            try:
                chunk = self.read(at, _CHUNK)
            except OSError as error:
                yield [flagged("image:hash_not_checked", at=at, cause=first_cause(error))]
                return
            for digest in digests.values():
                digest.update(chunk)
            if number % _BEAT == 0:
                yield []
        for name, value in stated.items():
            found = digests[name].hexdigest()
            code = "image:hash_verified" if found == value else "image:hash_mismatch"
            yield [flagged(code, algorithm=name.upper(), stated=value, computed=found)]

    def _stated(self) -> dict[str, str]:
        stated = {}
        for name in ("MD5", "SHA1"):
            with contextlib.suppress(OSError):
                if value := self._handle.get_hash_value(name):
                    stated[name.lower()] = str(value).strip().lower()
        return stated


def _segment(handle: int) -> FileObject:
    size = os.fstat(handle).st_size
    return FileObject(size, lambda at, size: os.pread(handle, size, at))


def opened(handles: list[int]) -> Media:
    """The medium that some files hold, in their order."""
    is_ewf = os.pread(handles[0], len(_SIGNATURE), 0) == _SIGNATURE
    return Ewf(handles) if is_ewf else Raw(handles)


def first_cause(error: BaseException) -> str:
    """The cause that a library gives, without the chain of its callers."""
    return str(error).rpartition("with error: ")[2].split(". lib", 1)[0][:200]


def _refuse_gaps(handles: list[int]) -> None:
    """Refuse segments that do not number from 1 on, or of which the last says that more follow."""
    numbered = {}
    for handle in handles:
        head = os.pread(handle, 11, 0)
        if len(head) < 11 or not head.startswith(_SIGNATURE):  # to the end of the number
            raise MediaError("damaged:segment")
        numbered[struct.unpack_from("<H", head, 9)[0]] = handle
    latest = max(numbered)
    missing = next((n for n in range(1, latest) if n not in numbered), None)
    end = os.fstat(numbered[latest]).st_size - _DESCRIPTOR
    if missing is None and end > 0 and os.pread(numbered[latest], 5, end) == b"next\0":
        missing = latest + 1
    if missing is not None:
        raise MediaError("segments_missing", n=missing)
