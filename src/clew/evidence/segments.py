"""Which files beside the first part of an image or archive belong to it, by the names tools give.

E01 is followed by E02 to E99, then EAA to ZZZ; a split raw image or archive counts in decimals from
000 or 001 on, as many digits as the first has; a ZIP goes from z01 on and ends in zip. Names may be
in capitals or not.
"""

import os
import re
from collections.abc import Iterable, Iterator
from string import ascii_uppercase

from clew.evidence.signatures import ARCHIVES, DISK, EWF, ZIP

_EWF_FIRST = re.compile(rb"(?s)(.*\.)([A-Za-z])01")
_ZIP_FIRST = re.compile(rb"(?s)(.*\.)[Zz]01")
_RAW_FIRST = re.compile(rb"(?s)(.*\.)(0{1,4}[01])")
_CUT = ARCHIVES | {DISK, ZIP}
"""Kinds that are cut into plain pieces."""


def segments(first: bytes, kind: str | None) -> tuple[bytes, ...]:
    """Paths of the further parts of an image or archive of this type, in order."""
    folder, name = os.path.split(first)
    if kind == EWF and (found := _EWF_FIRST.fullmatch(name)):
        return _below(folder, _counted(found[1], _ewf_endings(found[2]), folder))
    if kind == ZIP and (found := _ZIP_FIRST.fullmatch(name)):
        later = _counted(found[1], (b"z%02d" % n for n in range(2, 1000)), folder)
        return _below(folder, [*later, *_counted(found[1], [b"zip"], folder)])
    if kind in _CUT and (found := _RAW_FIRST.fullmatch(name)):
        digits = len(found[2])
        endings = (b"%0*d" % (digits, n) for n in range(int(found[2]) + 1, 10**digits))
        return _below(folder, _counted(found[1], endings, folder))
    return ()


def _counted(stem: bytes, later: Iterable[bytes], folder: bytes) -> list[bytes]:
    """The names that count on without a gap: behind one, bytes would stand at wrong offsets."""
    with os.scandir(folder or b".") as entries:
        names = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
    beside = {name.upper(): name for name in names if name.startswith(stem)}
    found = []
    for ending in later:
        name = beside.get((stem + ending).upper())
        if name is None:
            break
        found.append(name)
    return found


def _ewf_endings(letter: bytes) -> Iterator[bytes]:
    """02 to 99, then two letters, then the next first letter."""
    for number in range(2, 100):
        yield letter + b"%02d" % number
    for first in range(ord(letter.upper()), ord("Z") + 1):
        for second in ascii_uppercase.encode():
            for third in ascii_uppercase.encode():
                yield bytes((first, second, third))


def _below(folder: bytes, names: list[bytes]) -> tuple[bytes, ...]:
    return tuple(os.path.join(folder, name) for name in names)
