"""What single fields of a ZIP's headers say of a member.

References:
    - PKWARE, APPNOTE.TXT 6.3.10, 4.4 and 4.5

"""

import stat
import struct
from datetime import UTC, datetime

from clew.evidence.inflate import MEMBER_METHODS
from clew.evidence.stated import KINDS

ENCRYPTED, _STRONG = 1, 64
"""Bits of the general purpose flags."""
FULL32 = 0xFFFFFFFF
"""A value that stands in the ZIP64 field instead."""
_AES = 99
_UNIX = 3


def refusal(flags: int, method: int) -> str | None:
    """Why a member can't be read, as far as its header tells."""
    if flags & _STRONG and flags & ENCRYPTED:
        return "strong_encryption"
    if flags & ENCRYPTED or method == _AES:
        return "encrypted"
    return None if method in MEMBER_METHODS else f"method:{method}"


def wide(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Sizes and offset, from the ZIP64 field where the header's own are full."""
    field = _field(extra, 1)
    if field is None or FULL32 not in (size, packed, offset):
        return size, packed, offset
    values = [v for (v,) in struct.iter_unpack("<Q", field[: len(field) // 8 * 8])]
    found = [
        values.pop(0) if value == FULL32 and values else value for value in (size, packed, offset)
    ]
    return found[0], found[1], found[2]


def _field(extra: bytes, wanted: int) -> bytes | None:
    at = 0
    while at + 4 <= len(extra):
        number, size = struct.unpack_from("<HH", extra, at)
        if number == wanted:
            return extra[at + 4 : at + 4 + size]
        at += 4 + size
    return None


def kind(name: bytes, made: int, outside: int) -> str:
    """What a member is, by its Unix mode or else by its name."""
    if made >> 8 == _UNIX and (found := KINDS.get(stat.S_IFMT(outside >> 16))):
        return found
    return "directory" if name.endswith(b"/") else "file"


def time(date: int, clock: int, extra: bytes) -> datetime | None:
    """The extended time, which is in UTC, or else the header's, read as UTC."""
    stamp = _field(extra, 0x5455)
    try:
        if stamp and stamp[0] & 1 and len(stamp) >= 5:  # flags and four bytes
            return datetime.fromtimestamp(struct.unpack_from("<i", stamp, 1)[0], UTC)
        year, month, day = 1980 + (date >> 9), date >> 5 & 15, date & 31
        hour, minute, second = clock >> 11, clock >> 5 & 63, (clock & 31) * 2
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None
