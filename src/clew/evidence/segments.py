"""Which files beside the first segment of an image belong to it, by the names that tools give.

E01 is followed by E02 to E99, then EAA to ZZZ; a split raw image counts in decimals from 000 or 001
on, as many digits as the first has. Names may be in capitals or not.
"""

from __future__ import annotations

import os
import re

from clew.evidence.signatures import DISK, EWF

_EWF_FIRST = re.compile(rb"(?s)(.*\.)[A-Za-z]01")
_EWF_LATER = re.compile(rb"(?:[A-Z]\d\d|[E-Z][A-Z][A-Z])")
_RAW_FIRST = re.compile(rb"(?s)(.*\.)(0{1,4}[01])")


def segments(first: bytes, kind: str | None) -> tuple[bytes, ...]:
    """Paths of the further segments of an image of this type, in order."""
    folder, name = os.path.split(first)
    if kind == EWF and (found := _EWF_FIRST.fullmatch(name)):
        return _below(folder, _ewf(name, found[1], _beside(folder)))
    if kind == DISK and (found := _RAW_FIRST.fullmatch(name)):
        return _below(folder, _raw(found[1], found[2], set(_beside(folder))))
    return ()


def _ewf(name: bytes, stem: bytes, beside: list[bytes]) -> list[bytes]:
    """Every later ending; what is missing among them the segments' own numbers tell."""
    ending = name[len(stem) :].upper()
    found = []
    for other in beside:
        later = other[len(stem) :].upper()
        if other.startswith(stem) and later > ending and _EWF_LATER.fullmatch(later):
            found.append(other)
    return sorted(found, key=bytes.upper)


def _raw(stem: bytes, ending: bytes, beside: set[bytes]) -> list[bytes]:
    """The names that count on without a gap: behind one, bytes would stand in wrong places."""
    found = []
    number = int(ending) + 1
    while (name := stem + b"%0*d" % (len(ending), number)) in beside:
        found.append(name)
        number += 1
    return found


def _beside(folder: bytes) -> list[bytes]:
    with os.scandir(folder or b".") as entries:
        return [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]


def _below(folder: bytes, names: list[bytes]) -> tuple[bytes, ...]:
    return tuple(os.path.join(folder, name) for name in names)  # noqa: PTH118 - bytes
