"""The few calls of libarchive that reading needs, by their C names.

The library is the one that the package ``archi`` brings (a current libarchive without the crashes
of older ones), or else the system's. It is loaded in a sandboxed worker only. The format mtree is
left out, since it reads files that an archive names, and so are formats without a signature.

References:
    - libarchive, archive.h, archive_entry.h, archive_read(3)

"""

import ctypes
import stat
from collections.abc import Callable, Iterable
from ctypes import byref, c_char_p, c_int, c_int64, c_size_t, c_ssize_t, c_void_p, c_wchar_p
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import msgspec

from clew.evidence.stated import KINDS
from clew.words.reasons import joined

OK, EOF, WARN, FAILED = 0, 1, -20, -25
_RETRY, _RETRIES = -10, 3
_BLOCK = 256 << 10
FORMATS = ("7zip", "ar", "cab", "cpio", "iso9660", "lha", "rar", "rar5", "tar", "warc", "xar")
_FILTERS = ("compress", "lz4", "lzip", "lzma", "xz", "zstd")
"""Those that the library unpacks itself; for others it would run a program."""
RAW = "raw"
"""The format of what has none: one member, as when a single file was compressed."""
_SYSTEM = ("libarchive.so.13", "libarchive.so", "libarchive.13.dylib", "libarchive.dylib")
_TEXTS = (
    "archive_entry_pathname", "archive_entry_pathname_utf8", "archive_entry_symlink",
    "archive_entry_hardlink", "archive_error_string", "archive_version_string",
    "archive_format_name",
)  # fmt: skip
_POINTERS = ("archive_read_new",)
_NUMBERS = (
    "archive_entry_size", "archive_entry_mtime", "archive_filter_bytes",
    "archive_read_header_position",
)  # fmt: skip


_READ = ctypes.CFUNCTYPE(c_ssize_t, c_void_p, c_void_p, ctypes.POINTER(c_void_p))


class Source(Protocol):
    """Bytes that are unpacked before the library sees them."""

    consumed: int
    """Bytes of the file that were read."""
    problem: str | None
    """What is wrong with the file, once that was met."""

    def read(self) -> bytes:
        """The next bytes; empty at the end."""


class LibarchiveError(Exception):
    """libarchive is not to be had."""


@cache
def library() -> Any:
    """The library, with the types of what its calls return."""
    loaded = _load()
    for name in _TEXTS:
        getattr(loaded, name).restype = c_char_p
    for name in _POINTERS:
        getattr(loaded, name).restype = c_void_p
    for name in _NUMBERS:
        getattr(loaded, name).restype = c_int64
    loaded.archive_entry_pathname_w.restype = c_wchar_p
    return loaded


def version() -> str:
    """Name and version of the library."""
    return str(library().archive_version_string().decode())


class Header(msgspec.Struct, frozen=True):
    """A member as the library states it before its data."""

    name: bytes
    kind: str
    size: int | None
    mtime: int | None
    """Time of last change, in seconds since 1970."""
    symlink: bytes | None
    """Where a symbolic link points."""
    hardlink: bytes | None
    """The member whose content this one shares."""
    encrypted: bool
    """Its data is encrypted."""


class Archive:
    """An archive that is read from where an open file stands."""

    member: Header
    """The member that it stands at."""

    def __init__(self, handle: int, source: Source | None, formats: Iterable[str]) -> None:
        """Open a file, or what ``source`` makes of it, as one of these formats."""
        lib = library()
        self._lib = lib
        self._archive = c_void_p(lib.archive_read_new())
        self._entry = c_void_p()
        for name in _FILTERS:
            getattr(lib, f"archive_read_support_filter_{name}")(self._archive)
        for name in formats:
            getattr(lib, f"archive_read_support_format_{name}")(self._archive)
        self._source = source
        if source is None:
            self.status = lib.archive_read_open_fd(self._archive, c_int(handle), c_size_t(_BLOCK))
        else:
            self._hand = _READ(self._hand_over)
            self.status = lib.archive_read_open(self._archive, None, None, self._hand, None)

    def close(self) -> None:
        """Free what the library holds."""
        self._lib.archive_read_free(self._archive)

    def _hand_over(self, _: int, __: int | None, into: Any) -> int:
        """Give the library the next bytes of the source."""
        assert self._source is not None
        self._block = self._source.read()
        into[0] = ctypes.cast(c_char_p(self._block), c_void_p).value or 0
        return len(self._block)

    def advance(self) -> int:
        """Go to the next member; what the library says of it."""
        status = self._retried(
            lambda: self._lib.archive_read_next_header(self._archive, byref(self._entry))
        )
        if status in (OK, WARN):
            self.member = self._header()
        return status

    def block(self) -> tuple[int, int, bytes]:
        """The next bytes of the member: what the library says, their offset, and the bytes."""
        data, size, offset = c_void_p(), c_size_t(), c_int64()
        status = self._retried(
            lambda: self._lib.archive_read_data_block(
                self._archive, byref(data), byref(size), byref(offset)
            )
        )
        data_read = (
            ctypes.string_at(data, size.value) if data.value and status in (OK, WARN) else b""
        )
        return status, int(offset.value), data_read

    @staticmethod
    def _retried(call: Callable[[], int]) -> int:
        """What a call says, asked again where the library wants that."""
        for _ in range(_RETRIES):
            status = int(call())
            if status != _RETRY:
                return status
        return FAILED

    @property
    def error(self) -> str:
        """What the library last complained of."""
        said = self._lib.archive_error_string(self._archive)
        return said.decode("utf-8", "backslashreplace") if said else "no reason given"

    @property
    def consumed(self) -> int:
        """Bytes of the file that were read."""
        if self._source is not None:
            return self._source.consumed
        return int(self._lib.archive_filter_bytes(self._archive, c_int(-1)))

    @property
    def source_problem(self) -> str | None:
        """What is wrong with the packed file that the bytes come out of, as far as is known."""
        problem = self._source.problem if self._source else None
        return joined("damaged", cause=problem) if problem else None

    @property
    def header_at(self) -> int:
        """Where the header of the member stands, in the unpacked stream."""
        return int(self._lib.archive_read_header_position(self._archive))

    @property
    def is_raw(self) -> bool:
        """It is a compressed file, not an archive."""
        return bool((self._lib.archive_format_name(self._archive) or b"").startswith(b"raw"))

    @property
    def encrypted(self) -> bool:
        """The library knows that something in it is encrypted."""
        if self.status != OK:  # the call crashes where no format was recognised
            return False
        return int(self._lib.archive_read_has_encrypted_entries(self._archive)) > 0

    def _header(self) -> Header:
        """What the library says of the member that it stands at."""
        lib, entry = self._lib, self._entry
        mode, size = int(lib.archive_entry_filetype(entry)), int(lib.archive_entry_size(entry))
        symlink, hardlink = lib.archive_entry_symlink(entry), lib.archive_entry_hardlink(entry)
        return Header(
            name=self._name(),
            kind=KINDS.get(stat.S_IFMT(mode), "unknown" if mode else "file"),
            size=size if lib.archive_entry_size_is_set(entry) and size >= 0 else None,
            mtime=int(lib.archive_entry_mtime(entry))
            if lib.archive_entry_mtime_is_set(entry)
            else None,
            symlink=None if symlink is None else bytes(symlink),
            hardlink=None if hardlink is None else bytes(hardlink),
            encrypted=bool(lib.archive_entry_is_data_encrypted(entry)),
        )

    def _name(self) -> bytes:
        """Name of the member: its bytes, as far as the library gives them."""
        lib = self._lib
        for call in (lib.archive_entry_pathname, lib.archive_entry_pathname_utf8):
            if (name := call(self._entry)) is not None:
                return bytes(name)
        wide = lib.archive_entry_pathname_w(self._entry)
        return (wide or "").encode("utf-8", "surrogatepass")


def _load() -> Any:
    brought = find_spec("archi")
    candidates: list[str] = []
    if brought and brought.origin:
        beside = Path(brought.origin).parent / "archi.libs"
        candidates += sorted(str(p) for p in beside.glob("libarchive*"))
    tried = []
    for name in (*candidates, *_SYSTEM):
        try:
            return ctypes.CDLL(name)
        except OSError as error:
            tried.append(str(error))
    raise LibarchiveError(f"libarchive can't be loaded ({tried[-1]})")
