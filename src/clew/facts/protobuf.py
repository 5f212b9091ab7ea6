"""Protocol Buffers without a schema: what fields a message has, by their numbers.

Messengers keep parts of a message in this encoding and publish no schema of it, so a field is known
by its number alone, and every field that nobody explains is still seen and counted. Whether bytes
are a text, bytes or a message within stands nowhere: whoever asks for a field says what it is.

References:
    - https://protobuf.dev/programming-guides/encoding/

"""

from collections.abc import Iterator
from typing import NamedTuple

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_FIXED = {_FIXED64: 8, _FIXED32: 4}
_MOST_BITS = 63


class Field(NamedTuple):
    """One field of a message."""

    number: int
    value: int | bytes
    """A whole number, or the bytes of a text or of a message within."""

    @property
    def text(self) -> str | None:
        """The value as text, where it can be one."""
        if not isinstance(self.value, bytes):
            return None
        try:
            return self.value.decode()
        except UnicodeDecodeError:
            return None


class Malformed(ValueError):
    """The bytes end within a field, or are none of this encoding."""


def fields(raw: bytes) -> Iterator[Field]:
    """Fields in the order of the bytes; raises Malformed where they are none."""
    at, end = 0, len(raw)
    while at < end:
        tag, at = varint(raw, at)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            value, at = varint(raw, at)
            yield Field(number, value)
            continue
        if kind == _BYTES:
            length, at = varint(raw, at)
        elif kind in _FIXED:
            length = _FIXED[kind]
        else:
            raise Malformed(f"field {number} is of kind {kind}")
        if number == 0 or at + length > end:
            raise Malformed(f"field {number} ends beyond the last byte")
        part = raw[at : at + length]
        at += length
        yield Field(number, part if kind == _BYTES else int.from_bytes(part, "little"))


def within(raw: bytes | int, number: int) -> list[Field]:
    """Every field of that number in a message; none where the bytes are no message."""
    if not isinstance(raw, bytes):
        return []
    try:
        return [field for field in fields(raw) if field.number == number]
    except Malformed:
        return []


def first_text(raw: bytes | int, number: int) -> str | None:
    """The first text of that number in a message."""
    return next((text for field in within(raw, number) if (text := field.text)), None)


def first_number(raw: bytes | int, number: int) -> int | None:
    """The first whole number of that number in a message, also where it is written as text."""
    for field in within(raw, number):
        if isinstance(field.value, int):
            return field.value
        if field.value.isdigit():
            return int(field.value)
    return None


def packed(raw: bytes) -> list[int]:
    """Whole numbers packed in one field; none where the bytes are none."""
    found, at = [], 0
    try:
        while at < len(raw):
            value, at = varint(raw, at)
            found.append(value)
    except Malformed:
        return []
    return found


def varint(raw: bytes, at: int) -> tuple[int, int]:
    """A whole number of variable length, and where it ends; raises Malformed if there is none."""
    value = shift = 0
    try:
        while True:
            byte = raw[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:  # the highest bit says that more follows
                return value, at
            shift += 7
            if shift > _MOST_BITS:
                raise Malformed("a number of more than 64 bits")
    except IndexError:
        raise Malformed("a number ends beyond the last byte") from None
