"""The files of a package as they lie in its folder: the envelope, locks and volumes.

Each is opened once, without following a link, and read through that one handle from then on.
"""

import contextlib
import hashlib
import os
import stat
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from clew.exchange.refused import Refused
from clew.exchange.sealing import names
from clew.exchange.sealing.envelope import Envelope, Lock, Part
from clew.exchange.sealing.member import HASHED
from clew.exchange.sealing.volumes import MOST, NAME

ENVELOPE, ENVELOPE_SIGNATURE = "envelope.json", "envelope.sig"
_HASHING = 2
"""Files that are hashed at a time: hashing lets go of the interpreter."""
_LARGEST = 1 << 20
"""Bytes of the largest envelope, and of the largest lock."""


class Folder:
    """A package on the disk; ``files`` closes whatever is opened."""

    def __init__(self, package: Path, files: contextlib.ExitStack) -> None:
        self._package, self._files = package, files
        try:
            self._handle = os.open(package, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise Refused("no-package", package=package.name, why=error.strerror) from error
        files.callback(os.close, self._handle)

    def small(self, name: str) -> bytes:
        """All of a small file."""
        handle = self.file(name)
        if os.fstat(handle).st_size > _LARGEST:
            raise Refused("envelope", why=f"{name} is too large")
        return os.pread(handle, _LARGEST, 0)

    def file(self, name: str) -> int:
        """A handle of a plain file."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        try:
            handle = os.open(name, flags, dir_fd=self._handle)
        except OSError as error:
            raise Refused("files", names=f"{name} ({error.strerror})") from error
        self._files.callback(os.close, handle)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise Refused("files", names=f"{name} (no plain file)")
        return handle

    def listed(self, outer: Envelope) -> dict[str, int]:
        """Handles of all locks and volumes; Refused where the folder holds more or less."""
        if wrong := _wrong_names(outer):
            raise Refused("envelope", why=wrong)
        parts: tuple[Part | Lock, ...] = (*outer.locks, *outer.volumes)
        handles = {part.name: self.file(part.name) for part in parts}
        if odd := self._found() ^ {ENVELOPE, ENVELOPE_SIGNATURE, *handles}:
            raise Refused("files", names=", ".join(sorted(odd)[:5]))
        return handles

    def _found(self) -> set[str]:
        found = set()
        for folder, below, files in os.walk(self._package):
            inner = os.path.relpath(folder, self._package)
            prefix = "" if inner == "." else f"{inner}/"
            found |= {prefix + name for name in files}
            found |= {prefix + name for name in below if prefix or name != "locks"}
        return found


def _wrong_names(outer: Envelope) -> str | None:
    """What is wrong with the list of locks and volumes."""
    volumes = [part.name for part in outer.volumes]
    if volumes != [NAME.format(n + 1) for n in range(len(volumes))]:
        return "its volumes are not numbered from one"
    if not 0 < len(volumes) <= MOST:
        return f"it has {len(volumes)} volumes"
    locks = [(lock.name, lock.receiver) for lock in outer.locks]
    if len(set(locks)) != len(locks) or {who for _, who in locks} != set(outer.receivers):
        return "its locks are not those of its receivers"
    for lock in outer.locks:
        if lock.name.rpartition(".")[0] != f"locks/{lock.receiver}" or names.unsafe(lock.name):
            return f"the lock {lock.name!r}"
        if lock.size > _LARGEST:  # it is read into memory as a whole
            return f"a lock of {lock.size} bytes"
    return None


def check_digests(outer: Envelope, handles: Mapping[str, int]) -> None:
    """Refuse a package of which any file is not the one that was signed."""
    parts: tuple[Part | Lock, ...] = (*outer.locks, *outer.volumes)
    for part in parts:
        if os.fstat(handles[part.name]).st_size != part.size:
            raise Refused("digest", name=part.name)
    with ThreadPoolExecutor(_HASHING) as hashing:
        found = hashing.map(lambda part: _digest(handles[part.name]), parts)
        for part, digest in zip(parts, found, strict=True):
            if digest != part.sha256:
                raise Refused("digest", name=part.name)


def _digest(handle: int) -> str:
    hashing = hashlib.sha256()
    buffer = memoryview(bytearray(HASHED))
    with open(handle, "rb", buffering=0, closefd=False) as file:
        while size := file.readinto(buffer):
            hashing.update(buffer[:size])
    os.lseek(handle, 0, os.SEEK_SET)
    return hashing.hexdigest()
