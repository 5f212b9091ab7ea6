"""Records: variable-length integers, serial types, and the values behind them."""

import struct
from typing import Any

import msgspec

_FIXED = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)
REAL, ZERO, ONE = 7, 8, 9
_RESERVED = (10, 11)
FIRST_BLOB, FIRST_TEXT = 12, 13
_CONTROLS = frozenset(map(chr, range(9))) | {"\x0b", "\x0e", "\x0f", "\x7f"}


class Column(msgspec.Struct, frozen=True):
    """A column as its table declares it."""

    name: str
    affinity: str
    """``INTEGER``, ``TEXT``, ``REAL``, ``NUMERIC`` or ``BLOB``."""
    not_null: bool = False
    is_rowid: bool = False
    """It stands for the row number, and is stored as NULL."""

    def takes(self, serial: int) -> bool:
        """Whether a value of this serial type can stand in the column."""
        if self.is_rowid:
            return serial == 0
        if serial in _RESERVED or (serial == 0 and self.not_null):
            return False
        if serial == 0 or self.affinity in ("NUMERIC", "BLOB"):
            return True
        if self.affinity == "TEXT":
            return serial >= FIRST_TEXT and serial % 2 == 1
        return serial <= ONE and (serial != REAL or self.affinity == "REAL")


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A variable-length integer and where it ends; IndexError beyond the data."""
    value = 0
    for offset in range(at, at + 8):
        byte = data[offset]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:  # the bit that says more follows
            return value, offset + 1
    return value << 8 | data[at + 8], at + 9


def varint_size(value: int) -> int:
    """Bytes that a variable-length integer takes."""
    if value < 0 or value >= 1 << 56:
        return 9
    return max(1, -(-value.bit_length() // 7))


def signed(value: int) -> int:
    """A row number, of which the top bit is the sign."""
    return value - (1 << 64) if value >= 1 << 63 else value


def size_of(serial: int) -> int:
    """Bytes that a value of this serial type takes."""
    return _FIXED[serial] if serial < len(_FIXED) else max(serial - FIRST_BLOB, 0) // 2


def serials(data: bytes, at: int, end: int) -> tuple[int, ...] | None:
    """Serial types between two offsets; None where the last one passes the end."""
    found = []
    try:
        while at < end:
            serial, at = varint(data, at)
            found.append(serial)
    except IndexError:
        return None
    return tuple(found) if at == end else None


def fits(types: tuple[int, ...], columns: tuple[Column, ...]) -> bool:
    """Whether serial types can be those of a row; columns added later may be missing."""
    if not types or len(types) > len(columns):
        return False
    return all(column.takes(serial) for column, serial in zip(columns, types, strict=False))


def values(
    data: bytes, at: int, types: tuple[int, ...], encoding: str, *, strict: bool
) -> tuple[Any, ...] | None:
    """Values behind a header; None where one is cut off or, if strict, is no text."""
    found: list[Any] = []
    for serial in types:
        size = size_of(serial)
        if at + size > len(data):
            return None
        try:
            value = _value(data[at : at + size], serial, encoding)
        except UnicodeDecodeError:
            if strict:
                return None
            value = bytes(data[at : at + size])
        if strict and isinstance(value, str) and not _CONTROLS.isdisjoint(value):
            return None
        found.append(value)
        at += size
    return tuple(found)


def header(
    data: bytes, at: int, end: int, columns: tuple[Column, ...]
) -> tuple[tuple[int, ...], int] | None:
    """Serial types of a record's header and where its values begin; None where none fits."""
    try:
        size, first = varint(data, at)
    except IndexError:
        return None
    if not 1 < size <= 9 * len(columns) + 2 or at + size > end:
        return None
    types = serials(data, first, at + size)
    return (types, at + size) if types and fits(types, columns) else None


def row(record: bytes, columns: tuple[Column, ...], encoding: str) -> tuple[Any, ...] | None:
    """Values of a whole record that fits its table; columns added later may be missing."""
    found = header(record, 0, len(record), columns)
    return values(record, found[1], found[0], encoding, strict=False) if found else None


def _value(stored: bytes, serial: int, encoding: str) -> Any:
    if serial >= FIRST_BLOB:
        return stored.decode(encoding) if serial % 2 else bytes(stored)
    if serial in (0, ZERO, ONE):
        return None if serial == 0 else serial - ZERO
    if serial == REAL:
        (real,) = struct.unpack(">d", stored)
        return None if real != real else real  # noqa: PLR0124 - what is not a number is NULL here
    return int.from_bytes(stored, "big", signed=True)
